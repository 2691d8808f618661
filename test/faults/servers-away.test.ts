import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startTestServers, type TestServers } from '@retort/stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectEndedOnce,
  finishedJobs,
  jobsOf,
  jobsWhen,
  quickSpec,
  submit,
  tinyNet,
  tinySpec,
} from '../support/experiments.js';
import { childrenOf } from '../support/processes.js';
import { endProcess, startRetort, type Client, type TestApi, type TestRetort } from '../support/retort.js';

const terms = { RETORT_LEASE_SECONDS: '4', RETORT_HEARTBEAT_SECONDS: '1', RETORT_GRACE_SECONDS: '2' };

let servers: TestServers;
let retort: TestRetort;
let apis: TestApi[];
beforeAll(async () => {
  servers = await startTestServers();
  const { postgres, redis } = servers;
  const drop = () => servers.drop();
  retort = await startRetort({ servers: { databaseUrl: postgres.url, redisUrl: redis.url, drop } });
  apis = [retort, await retort.startApi()];
});
afterAll(() => retort?.stop());

const long = (epochs: number) => tinySpec({ models: { plain: { ...tinyNet, epochs } }, reuse: false });
const isUnderWay = ([job]: { status: string; progress: { fraction: number } }[]) =>
  job!.status === 'running' && job!.progress.fraction > 0;

describe('Redis', () => {
  it('may be down for a minute: work is accepted, and starts within 10 s of its return', async () => {
    const worker = await retort.startWorker();
    await servers.redis.stop();
    const ids: string[] = [];
    for (let second = 0; second < 60; second += 15) {
      for (const api of apis) ids.push(await submit(api, quickSpec()));
      await sleep(15_000);
    }
    for (const id of ids) expect((await jobsOf(retort, id))[0]).toMatchObject({ status: 'queued' });
    await servers.redis.start();
    const started = () => Promise.all(ids.map((id) => jobsOf(retort, id)));
    await expect
      .poll(async () => (await started()).flat().filter(({ status }) => status !== 'queued').length, {
        timeout: 10_000,
      })
      .toBeGreaterThan(0);
    for (const id of ids) {
      expect(await finishedJobs(retort, id)).toMatchObject([{ status: 'succeeded', attempts: { started: 1 } }]);
      await expectEndedOnce(retort, id);
    }
    await endProcess(worker);
  });

  const losses: [string, () => Promise<void>][] = [
    ['emptied', () => withRedis((redis) => redis.flushall())],
    [
      'killed and restarted',
      async () => {
        await servers.redis.kill();
        await servers.redis.start();
      },
    ],
  ];
  it.each(losses)(
    'may be %s: a running task is undisturbed, and what was queued is delivered again within 30 s',
    async (_, lose) => {
      const workers = [await retort.startWorker()];
      const running = await submit(retort, long(12));
      await jobsWhen(retort, running, isUnderWay);
      const queued = [await submit(retort, quickSpec()), await submit(retort, quickSpec())];
      // As many of them are sent as the worker may have waiting for it.
      const unsent = async () => (await retort.get<{ unsent: number }>('/v1/queue')).unsent;
      await expect.poll(unsent).toBeLessThan(queued.length);
      await lose();
      const lost = Date.now();
      workers.push(await retort.startWorker());
      const isStarted = async (id: string) => (await jobsOf(retort, id))[0]!.status !== 'queued';
      for (const id of queued) {
        await expect.poll(() => isStarted(id), { timeout: Math.max(1, lost + 30_000 - Date.now()) }).toBe(true);
      }
      for (const id of [running, ...queued]) {
        expect(await finishedJobs(retort, id)).toMatchObject([{ status: 'succeeded', attempts: { started: 1 } }]);
        await expectEndedOnce(retort, id);
      }
      await Promise.all(workers.map(endProcess));
    },
  );
});

describe('Postgres', () => {
  it.each([20, 60])(
    'may be stopped for %i s: requests are refused in time, and the running task ends',
    async (seconds) => {
      const worker = await retort.startWorker();
      const running = await submit(retort, long(30));
      await jobsWhen(retort, running, isUnderWay);
      await servers.postgres.stop();
      const back = Date.now() + seconds * 1000;
      while (Date.now() < back) {
        for (const api of apis) await expectRefusal(api);
        await sleep(1000);
      }
      await servers.postgres.start();
      for (const { url } of apis) {
        await expect.poll(async () => (await fetch(`${url}/v1/jobs`)).status).toBe(200);
      }
      const next = await submit(retort, quickSpec());
      // Its lease of 30 s may end meanwhile.
      const started: unknown = seconds > 25 ? expect.any(Number) : 1;
      expect(await finishedJobs(retort, running)).toMatchObject([{ status: 'succeeded', attempts: { started } }]);
      expect(await finishedJobs(retort, next)).toMatchObject([{ status: 'succeeded', attempts: { started: 1 } }]);
      for (const id of [running, next]) await expectEndedOnce(retort, id);
      await endProcess(worker);
    },
  );
});

it('goes on after everything was killed with -9 at once', async () => {
  const workers = [await retort.startWorker(terms), await retort.startWorker(terms)];
  const spec = long(8);
  const ids = [await submit(retort, spec), await submit(retort, spec), await submit(retort, quickSpec())];
  for (const id of ids.slice(0, 2)) await jobsWhen(retort, id, isUnderWay);
  const children = (await Promise.all(workers.map(({ pid }) => childrenOf(pid!)))).flat();
  for (const pid of children) process.kill(pid, 'SIGKILL');
  const processes = [...workers, ...apis.map((api) => api.process)];
  await Promise.all([...processes.map(kill), servers.redis.kill(), servers.postgres.kill()]);

  await Promise.all([servers.redis.start(), servers.postgres.start()]);
  const api = await retort.startApi();
  await retort.startWorker(terms);
  for (const id of ids) {
    expect(await finishedJobs(api, id)).toMatchObject([{ status: 'succeeded' }]);
    await expectEndedOnce(api, id);
  }
});

async function expectRefusal({ url }: Client): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  const headers = { 'Content-Type': 'application/json' };
  const post = { method: 'POST', headers, body: JSON.stringify(quickSpec()), signal };
  const answers = await Promise.all([fetch(`${url}/v1/experiments`, post), fetch(`${url}/v1/jobs`, { signal })]);
  for (const answer of answers) {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      503,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await answer.json()).toMatchObject({ type: 'urn:retort:problem:not-ready' });
  }
}

async function withRedis(use: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(servers.redis.url);
  await use(redis);
  redis.disconnect();
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
