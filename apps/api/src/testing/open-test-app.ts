import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDeliveryQueue, registerArtifact, startDispatcher } from '@retort/jobs';
import { testDatabase } from '@retort/stack/testing';
import { FolderStore, followDatabaseClock, openDatabase } from '@retort/store';
import { addressPolicy } from '@retort/webhooks';
import pino from 'pino';
import { createApp, type AppOptions } from '../app.js';
import { askOf } from './ask.js';

/** The API over a database and a Redis of its own, with a dispatcher that runs. */
export async function openTestApp(
  options: Partial<
    Pick<AppOptions, 'access' | 'heartbeatMs' | 'kindLimits' | 'requestsPerMinute' | 'maxUploadBytes' | 'dashboard'>
  > & {
    redisUrl?: string;
  } = {},
) {
  const { redisUrl, kindLimits = new Map(), ...appOptions } = options;
  const database = await testDatabase();
  const log = pino({ level: 'silent' });
  const db = openDatabase(database.databaseUrl);
  const clock = followDatabaseClock(db, { onError: (error) => log.warn(error) });
  const queue = openDeliveryQueue(redisUrl ?? database.redisUrl, { prefix: 'test', onError: () => {} });
  const dispatcher = startDispatcher({ db, clock }, queue, { log, intervalMs: 20, kindLimits });
  const artifactFolder = await mkdtemp(join(tmpdir(), 'retort-api-'));
  const artifacts = new FolderStore(artifactFolder, { announce: (artifact) => registerArtifact(db, artifact) });
  const app = await createApp({
    db,
    queue,
    dispatcher,
    kindLimits,
    artifacts,
    webhooks: { wake: () => undefined, addresses: addressPolicy([]) },
    log,
    clock,
    version: '0.0.0',
    pollMs: 20,
    requestsPerMinute: 100_000,
    ...appOptions,
  });
  await app.ready();
  return {
    app,
    db,
    queue,
    artifacts,
    ask: askOf(app),
    async close() {
      await app.close();
      await dispatcher.close();
      await queue.close();
      clock.close();
      await db.$disconnect();
      await database.drop();
      await rm(artifactFolder, { recursive: true });
    },
  };
}

export type TestApp = Awaited<ReturnType<typeof openTestApp>>;
