import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import {
  hearBell,
  openArtifacts,
  openDeliveryQueue,
  startDispatcher,
  startReconciler,
  startRetention,
} from '@retort/jobs';
import { ArtifactError, followDatabaseClock, openDatabase } from '@retort/store';
import { publicFolder, scriptsFolder } from '@retort/web/paths';
import { startSender } from '@retort/webhooks';
import closeWithGrace from 'close-with-grace';
import pino from 'pino';
import { openRequestCounts } from './access/request-counts.js';
import { createApp } from './app.js';
import { SettingsError } from '@retort/contracts';
import { readSettings } from './settings.js';

/** Milliseconds in which requests may end after the process was asked to. */
const GRACE_MS = 10_000;
/**
 * Percent of what lives by which the heap grows until it is collected. V8's own choice lets it double and more, so that
 * one grid of 10 000 jobs after another took 280 MiB; with this they take 180, and as long.
 */
const HEAP_GROWTH = 25;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Runs the API, with the dispatcher that sends deliveries and the reconciler. */
async function serve(): Promise<void> {
  // Started by `retort up`, the API does not outlive it, also where that has gone while this was loaded.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  if (process.connected === false) return;
  // V8 reads it whenever it sets the next limit, so that it holds however this process was started.
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);

  const settings = readSettings(process.env);
  const { redisUrl, prefix, kindLimits } = settings;
  const log = pino({ name: 'api', level: settings.logLevel });
  const db = openDatabase(settings.databaseUrl);
  const clock = followDatabaseClock(db, {
    onError: (error) => log.warn({ err: error }, "the database's clock cannot be read; the last reading serves on"),
  });
  const onError = reportOnce((error) => log.warn({ err: error }, 'Redis does not answer; deliveries wait in Postgres'));
  const queue = openDeliveryQueue(redisUrl, { prefix, onError });
  const dispatcher = startDispatcher({ db, clock }, queue, { kindLimits, log });
  const bell = hearBell(redisUrl, { prefix, onRing: dispatcher.wake, log });
  const reconciler = startReconciler({ db, clock }, queue, { log });
  const { webhookAddresses: addresses, webhookTimeoutMs: timeoutMs } = settings;
  const webhooks = startSender({ db, clock }, { log, version, addresses, timeoutMs });
  const artifacts = await openArtifacts(db, settings.artifacts);
  await artifacts.check().catch((error: unknown) => {
    // Whatever needs no artifact is served without them; what is set wrongly is said at once.
    if (!(error instanceof ArtifactError && error.passes)) throw error;
    log.warn({ err: error }, 'artifacts can be neither read nor kept for now');
  });
  const retention = startRetention(db, artifacts, { ...settings.retention, log });
  const requestCounts = openRequestCounts(redisUrl, { prefix, onError });
  const app = await createApp({
    db,
    queue,
    dispatcher,
    artifacts,
    retention,
    kindLimits,
    log,
    version,
    clock,
    webhooks: { wake: webhooks.wake, addresses },
    access: settings.access,
    dashboard: { publicFolder, scriptsFolder },
    requestsPerMinute: settings.requestsPerMinute,
    requestCounts,
    maxUploadBytes: settings.maxUploadBytes,
  });
  closeWithGrace({ delay: GRACE_MS, logger: log }, async ({ err }) => {
    if (err) log.error({ err }, 'the API stops because of an error');
    await app.close();
    requestCounts.close();
    await webhooks.close();
    await retention.close();
    await reconciler.close();
    bell.close();
    await dispatcher.close();
    await queue.close();
    clock.close();
    await db.$disconnect();
  });
  const url = await app.listen({ host: settings.host, port: settings.port }).catch((error: unknown) => {
    throw cannotListen(error as NodeJS.ErrnoException, settings);
  });
  process.send?.({ type: 'listening', url });
}

/** Lets one report through in ten seconds: ioredis reports every attempt to connect. */
function reportOnce(report: (error: Error) => void): (error: Error) => void {
  let last = -Infinity;
  return (error) => {
    if (performance.now() - last < 10_000) return;
    last = performance.now();
    report(error);
  };
}

function cannotListen(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  const remedy = remedies[error.code ?? ''];
  if (remedy === undefined) return error;
  return new SettingsError(`the API cannot listen at HOST ${host}, PORT ${port} (${error.code}): ${remedy}`);
}

const remedies: Partial<Record<string, string>> = {
  EADDRINUSE: 'another process does; stop it, or set PORT to a free one, or to 0 to let the system choose',
  EACCES: 'this user may not; set PORT to 1024 or more',
  EADDRNOTAVAIL: 'no network of this machine has that address; set HOST to one that it has, such as 127.0.0.1',
  ENOTFOUND: 'that name leads to no address; set HOST to an address of this machine, such as 127.0.0.1',
};

serve().catch((error: unknown) => {
  const text =
    error instanceof SettingsError || error instanceof ArtifactError
      ? error.message
      : error instanceof Error
        ? error.stack
        : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
