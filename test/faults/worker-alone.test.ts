import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { finishedJobs, jobsWhen, quickSpec, submit, tinyNet, tinySpec, type JobSeen } from '../support/experiments.js';
import { childrenOf, running } from '../support/processes.js';
import { endProcess, startRetort, type TestRetort } from '../support/retort.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { drain, workerOf, workersOf } from '../support/workers.js';

let retort: TestRetort;
let redis: TcpProxy;
beforeAll(async () => {
  retort = await startRetort();
});
afterAll(() => retort.stop());
beforeEach(async () => {
  redis = await startTcpProxy(retort.environment.REDIS_URL);
});
afterEach(() => redis.close());

/** Would fail at the first try that is spent. */
const long = tinySpec({
  models: { plain: { ...tinyNet, epochs: 40 } },
  limits: { max_attempts: 1 },
  reuse: false,
});
const isUnderWay = (jobs: JobSeen[]) =>
  jobs.every(({ status, progress }) => status === 'running' && progress.fraction > 0);

it('hands its task back and ends where Redis hangs while it drains', async () => {
  const worker = await retort.startWorker({ REDIS_URL: redis.url, RETORT_GRACE_SECONDS: '2' });
  const id = await submit(retort, long);
  await jobsWhen(retort, id, isUnderWay);
  const children = await childrenOf(worker.pid!);
  redis.freeze('up', 'down');
  const gone = once(worker, 'exit');
  worker.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
  expect(await running(children)).toEqual([]);
  expect(await workerOf(retort, worker)).toMatchObject({ status: 'offline', running: 0 });

  const next = await retort.startWorker();
  const jobs = await jobsWhen(retort, id, isUnderWay);
  expect(jobs).toMatchObject([{ attempts: { started: 2, spent: 0 } }]);
  await retort.post(`/v1/experiments/${id}/cancel`);
  await finishedJobs(retort, id);
  await endProcess(next);
});

it('ends in its time, its child before it, where Postgres and Redis are gone as well as who started it', async () => {
  const postgres = await startTcpProxy(retort.environment.DATABASE_URL);
  const worker = await retort.startWorker({
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    RETORT_GRACE_SECONDS: '2',
    LOG_LEVEL: 'fatal',
  });
  const id = await submit(retort, long);
  await jobsWhen(retort, id, isUnderWay);
  const children = await childrenOf(worker.pid!);
  postgres.refuse();
  redis.refuse();
  const gone = once(worker, 'exit');
  worker.disconnect();
  expect(await gone).toEqual([1, null]);
  expect(await running(children)).toEqual([]);
  postgres.close();

  // What it could not hand back ends with its lease: the one try that it had is spent.
  expect(await finishedJobs(retort, id)).toMatchObject([{ status: 'failed', reason: 'lease_expired' }]);
});

it('starts without Redis, and takes what waits once Redis is there', async () => {
  redis.refuse();
  const worker = await retort.startWorker({ REDIS_URL: redis.url, LOG_LEVEL: 'fatal' });
  const id = await submit(retort, quickSpec());
  expect(await workerOf(retort, worker)).toMatchObject({ status: 'online', running: 0 });
  expect(await jobsWhen(retort, id, () => true)).toMatchObject([{ status: 'queued' }]);
  redis.accept();
  expect(await finishedJobs(retort, id)).toMatchObject([{ status: 'succeeded', attempts: { started: 1 } }]);
  await endProcess(worker);
});

it('is one of two of the same name: each has its own tasks, and is drained alone', async () => {
  const name = { RETORT_WORKER_NAME: 'twin' };
  const workers = await Promise.all([retort.startWorker(name), retort.startWorker(name)]);
  const id = await submit(retort, { ...long, seeds: [1, 2] });
  await jobsWhen(retort, id, isUnderWay);
  const twins = (await workersOf(retort)).filter(({ name }) => name === 'twin');
  expect(twins).toMatchObject([
    { status: 'online', running: 1 },
    { status: 'online', running: 1 },
  ]);
  const gone = once(workers[0], 'exit');
  await drain(retort, workers[0]);
  expect(await gone).toEqual([0, null]);
  expect(await workerOf(retort, workers[1])).toMatchObject({ status: 'online', running: 1 });
  const jobs = await jobsWhen(retort, id, (all) => all.some(({ status }) => status === 'queued'));
  expect(jobs.map(({ status }) => status).sort()).toEqual(['queued', 'running']);
  for (const { attempts } of jobs) expect(attempts).toMatchObject({ started: 1, spent: 0 });
  await retort.post(`/v1/experiments/${id}/cancel`);
  await finishedJobs(retort, id);
});
