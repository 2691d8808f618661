import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import pino from 'pino';
import { SettingsError } from '@retort/contracts';
import { openArtifacts } from '@retort/jobs';
import {
  ArtifactError,
  awaitDatabase,
  checkSchema,
  followDatabaseClock,
  openDatabase,
  SchemaError,
} from '@retort/store';
import { readSettings } from './settings.js';
import { EngineUnavailable } from './supervisor/compute-child.js';
import { startWorker } from './supervisor/worker.js';

/** Seconds, beyond those that the children have, in which a draining worker must have written what is to be written. */
const DRAIN_MARGIN_SECONDS = 20;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function main(): Promise<void> {
  // Started by `retort up`, a worker does not outlive it, also where that has gone while this was loaded.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  if (process.connected === false) return;

  const settings = readSettings(process.env);
  const log = pino({ name: 'worker', level: settings.logLevel });
  const db = openDatabase(settings.databaseUrl);
  await awaitDatabase(db, (error) => log.warn({ err: error }, 'Postgres does not answer yet: the worker waits for it'));
  await checkSchema(db);
  const clock = followDatabaseClock(db, {
    onError: (error) => log.warn({ err: error }, "the database's clock cannot be read; the last reading serves on"),
  });
  await clock.ready;
  const artifacts = await openArtifacts(db, settings.artifacts);
  await artifacts.check().catch((error: unknown) => {
    if (!(error instanceof ArtifactError && error.code === 'full')) throw error;
    log.warn({ err: error }, 'artifacts cannot be kept for now');
  });
  const worker = await startWorker(settings, { db, clock, artifacts, log, version });
  process.send?.({ type: 'online', worker_id: worker.id });
  const drainLimitMs = (settings.graceSeconds + DRAIN_MARGIN_SECONDS) * 1000;
  const { close } = closeWithGrace({ delay: drainLimitMs, logger: log }, async ({ err }) => {
    if (err) log.error({ err }, 'the worker stops because of an error');
    await worker.drain();
    clock.close();
    await db.$disconnect();
  });
  // Drained before it closes, so that a SIGTERM meanwhile is no second one, which would end it at once.
  void worker.drainRequested.then(() => Promise.race([worker.drain(), after(drainLimitMs)])).then(close);
}

main().catch((error: unknown) => {
  const known = [EngineUnavailable, SettingsError, ArtifactError, SchemaError].some((kind) => error instanceof kind);
  process.stderr.write(`${known ? (error as Error).message : String((error as Error)?.stack ?? error)}\n`);
  process.exit(1);
});
