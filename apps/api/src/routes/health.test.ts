import { createServer } from 'node:net';
import { once } from 'node:events';
import { openDatabase } from '@retort/store';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../app.js';
import { openTestApp, type TestApp } from '../testing/open-test-app.js';
import { claimNext, enterWorker } from '../testing/run-tasks.js';
import { specWith } from '../testing/specs.js';

/** A port at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe('with Postgres and Redis', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await openTestApp();
  });
  afterAll(() => api?.close());

  it('the API is alive and ready', async () => {
    expect((await api.ask('GET', '/healthz')).json()).toEqual({ status: 'alive', version: '0.0.0' });
    // Redis counts as degraded until its first connection stands.
    await expect
      .poll(async () => (await api.ask('GET', '/readyz')).json<unknown>())
      .toEqual({ status: 'ready', postgres: 'available', redis: 'available' });
  });

  it('the queue is counted in both', async () => {
    await enterWorker(api.db);
    await api.ask('POST', '/v1/experiments', { payload: specWith() });
    await expect
      .poll(async () => (await api.ask('GET', '/v1/queue')).json<unknown>())
      .toMatchObject({ jobs: { queued: 1, blocked: 1 }, unsent: 0, deliveries: { waiting: 1 } });
  });
});

describe('while Redis is away', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await openTestApp({ redisUrl: `redis://127.0.0.1:${await closedPort()}` });
  });
  afterAll(() => api?.close());

  it('the API is ready, and says that Redis is degraded', async () => {
    const ready = await api.ask('GET', '/readyz');
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toEqual({ status: 'ready', postgres: 'available', redis: 'degraded' });
  });

  it('experiments are accepted and cancelled, and their deliveries wait', async () => {
    const accepted = await api.ask('POST', '/v1/experiments', { payload: specWith() });
    expect(accepted.statusCode).toBe(202);
    expect((await api.ask('GET', '/v1/queue')).json()).toMatchObject({
      jobs: { queued: 1 },
      unsent: 1,
      deliveries: 'unavailable',
    });
    await claimNext(api.db, await enterWorker(api.db));
    const cancelled = await api.ask('POST', `/v1/experiments/${accepted.json<{ id: string }>().id}/cancel`);
    expect(cancelled.statusCode).toBe(202);
    expect(await api.db.job.count({ where: { cancelRequestedAt: { not: null } } })).toBe(1);
  });
});

describe('while Postgres is away', () => {
  it('the API is alive and not ready, and says why', async () => {
    const db = openDatabase(`postgresql://nobody@127.0.0.1:${await closedPort()}/nothing`);
    const queue = { ping: () => Promise.resolve() };
    const app = await createApp({ db, queue, log: pino({ level: 'silent' }), version: '0.0.0' } as never);
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    const ready = await app.inject('/readyz');
    expect(ready.statusCode).toBe(503);
    expect(ready.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(ready.json<{ detail: string }>().detail).toContain('Postgres does not answer');

    const failed = await app.inject('/v1/experiments');
    expect(failed.statusCode).toBe(503);
    expect(failed.headers['retry-after']).toBe('5');
    expect(failed.json<{ detail: string }>().detail).toContain('Postgres does not answer');
    expect(failed.json<{ detail: string }>().detail).not.toContain('127.0.0.1');
    await app.close();
    await db.$disconnect();
  });
});
