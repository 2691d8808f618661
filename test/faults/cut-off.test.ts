import { afterAll, beforeAll, beforeEach, afterEach, expect, it } from 'vitest';
import { finishedJobs, jobsWhen, submit, tinyNet, tinySpec, type JobSeen } from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { workersOf } from '../support/workers.js';

let retort: TestRetort;
let postgres: TcpProxy;
beforeAll(async () => {
  retort = await startRetort();
});
afterAll(() => retort.stop());
beforeEach(async () => {
  postgres = await startTcpProxy(retort.environment.DATABASE_URL);
});
afterEach(() => postgres.close());

const spec = tinySpec({ models: { plain: { ...tinyNet, epochs: 16 } }, reuse: false });
const isUnderWay = ([job]: JobSeen[]) => job!.status === 'running' && job!.progress.fraction > 0;
const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

/** A worker whose way to Postgres can be cut. */
const startWorker = (leaseSeconds: number) =>
  retort.startWorker({
    DATABASE_URL: postgres.url,
    RETORT_LEASE_SECONDS: String(leaseSeconds),
    RETORT_HEARTBEAT_SECONDS: '1',
    RETORT_GRACE_SECONDS: '2',
    LOG_LEVEL: 'error',
  });

it('goes on with its task where Postgres is back before the lease ends', async () => {
  const worker = await startWorker(20);
  const id = await submit(retort, spec);
  await jobsWhen(retort, id, isUnderWay);
  postgres.refuse();
  await seconds(4);
  postgres.accept();
  expect((await finishedJobs(retort, id))[0]).toMatchObject({
    status: 'succeeded',
    attempts: { started: 1, spent: 0 },
  });
  worker.kill('SIGKILL');
});

it('loses its task where Postgres stays away for longer, and takes it again', async () => {
  const worker = await startWorker(3);
  const id = await submit(retort, spec);
  await jobsWhen(retort, id, isUnderWay);
  postgres.refuse();
  await jobsWhen(retort, id, ([job]) => job!.status === 'queued');
  await seconds(2);
  postgres.accept();
  const [job] = await finishedJobs(retort, id);
  expect(job).toMatchObject({ status: 'succeeded', attempts: { started: 2, spent: 1 } });
  type Events = { data: { type: string }[] };
  const { data } = await retort.get<Events>(`/v1/experiments/${id}/events?limit=1000`);
  expect(data.filter(({ type }) => type === 'job.succeeded')).toHaveLength(1);
  worker.kill('SIGKILL');
});

it('waits for a Postgres that is not there yet', async () => {
  postgres.refuse();
  const before = (await workersOf(retort)).length;
  let online = false;
  const starting = startWorker(30).then(() => (online = true));
  await seconds(4);
  expect(online).toBe(false);
  expect(await workersOf(retort)).toHaveLength(before);
  postgres.accept();
  await starting;
  expect(await workersOf(retort)).toHaveLength(before + 1);
});
