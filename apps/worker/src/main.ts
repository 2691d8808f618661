import { readFileSync } from 'node:fs';
import closeWithGrace from 'close-with-grace';
import pino from 'pino';
import { SettingsError } from '@retort/contracts';
import { FolderStore, followDatabaseClock, openDatabase } from '@retort/store';
import { readSettings } from './settings.js';
import { EngineUnavailable } from './supervisor/compute-child.js';
import { startWorker } from './supervisor/worker.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = pino({ name: 'worker', level: settings.logLevel });
  const db = openDatabase(settings.databaseUrl);
  const clock = followDatabaseClock(db, {
    onError: (error) => log.warn({ err: error }, "the database's clock cannot be read; the last reading serves on"),
  });
  await clock.ready;
  const artifacts = new FolderStore(settings.artifactFolder);
  const worker = await startWorker(settings, { db, clock, artifacts, log, version });
  process.send?.({ type: 'online', worker_id: worker.id });
  closeWithGrace({ delay: (settings.graceSeconds + 20) * 1000, logger: log }, async ({ err }) => {
    if (err) log.error({ err }, 'the worker stops because of an error');
    await worker.drain();
    clock.close();
    await db.$disconnect();
  });
  // Started by `retort up`, a worker does not outlive it.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

main().catch((error: unknown) => {
  const known = error instanceof EngineUnavailable || error instanceof SettingsError;
  process.stderr.write(`${known ? error.message : String((error as Error)?.stack ?? error)}\n`);
  process.exit(1);
});
