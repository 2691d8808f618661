import { afterEach, beforeEach, expect, it } from 'vitest';
import { finishedJobs, jobsWhen, named, submit, tinyNet, tinySpec } from '../support/experiments.js';
import { childrenOf, running } from '../support/processes.js';
import { startRetort, type TestRetort } from '../support/retort.js';

let retort: TestRetort;
beforeEach(async () => {
  retort = await startRetort();
});
afterEach(() => retort.stop());

const terms = { RETORT_LEASE_SECONDS: '3', RETORT_HEARTBEAT_SECONDS: '1', RETORT_GRACE_SECONDS: '2' };
/** Long enough to be caught in the middle. */
const longNet = { ...tinyNet, epochs: 30 };
const long = tinySpec({ models: { plain: longNet } });
const short = tinySpec({ models: { plain: { ...tinyNet, epochs: 2 } } });

const isRunning = (fraction: number) => (jobs: { status: string; progress: { fraction: number } }[]) =>
  jobs[0]!.status === 'running' && jobs[0]!.progress.fraction > fraction;

it('gives the task of a worker killed with -9 to another, and leaves no child behind', async () => {
  const spec = tinySpec({ models: { plain: { ...tinyNet, epochs: 12 } } });
  const worker = await retort.startWorker(terms);
  const id = await submit(retort, spec);
  await jobsWhen(retort, id, isRunning(0));
  const children = await childrenOf(worker.pid!);
  expect(children).toHaveLength(1);
  worker.kill('SIGKILL');
  await retort.startWorker(terms);

  const [job] = await finishedJobs(retort, id);
  expect(job).toMatchObject({ status: 'succeeded', attempts: { started: 2, spent: 1 } });
  const attempts = await retort.get<{ data: { reason: string }[] }>(`/v1/jobs/${job!.id}/attempts`);
  expect(attempts.data.map(({ reason }) => reason).sort()).toEqual(['completed', 'lease_expired']);
  await expect.poll(() => running(children)).toEqual([]);

  const { data } = await retort.get<{ data: { id: number; type: string }[] }>(
    `/v1/experiments/${id}/events?limit=1000`,
  );
  expect(data.map((event) => event.id)).toEqual(data.map((_, index) => index + 1));
  expect(data.filter(({ type }) => type === 'job.succeeded')).toHaveLength(1);
});

it('runs a task again whose compute child was killed with -9', async () => {
  const worker = await retort.startWorker(terms);
  const id = await submit(retort, tinySpec({ models: { plain: { ...tinyNet, epochs: 12 } } }));
  await jobsWhen(retort, id, isRunning(0));
  const [child] = await childrenOf(worker.pid!);
  process.kill(child!, 'SIGKILL');
  const [job] = await finishedJobs(retort, id);
  expect(job).toMatchObject({ status: 'succeeded', attempts: { started: 2 } });
  const attempts = await retort.get<{ data: { reason: string }[] }>(`/v1/jobs/${job!.id}/attempts`);
  expect(attempts.data.map(({ reason }) => reason).sort()).toEqual(['child_exited', 'completed']);
});

it('stops a running job that is cancelled, and takes the next one', async () => {
  await retort.startWorker(terms);
  const id = await submit(retort, long);
  const [job] = await jobsWhen(retort, id, isRunning(0));
  expect((await retort.post(`/v1/jobs/${job!.id}/cancel`)).status).toBe(202);
  expect((await finishedJobs(retort, id))[0]).toMatchObject({ status: 'cancelled', reason: 'cancelled_by_request' });
  const next = await finishedJobs(retort, await submit(retort, short));
  expect(named(next, 'plain').status).toBe('succeeded');
});

it('hands its task back when it is told to stop, without spending a try', async () => {
  const worker = await retort.startWorker(terms);
  const id = await submit(
    retort,
    tinySpec({ models: { plain: { ...tinyNet, epochs: 12 } }, limits: { max_attempts: 1 } }),
  );
  await jobsWhen(retort, id, isRunning(0));
  worker.kill('SIGTERM');
  await jobsWhen(retort, id, ([job]) => job!.status === 'queued');
  await retort.startWorker(terms);
  expect((await finishedJobs(retort, id))[0]).toMatchObject({
    status: 'succeeded',
    attempts: { started: 2, spent: 0 },
  });
});
