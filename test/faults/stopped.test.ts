import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishedJobs, jobsWhen, submit, tinyNet, tinySpec } from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';
import { drain, workerOf } from '../support/workers.js';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
});
afterAll(() => retort.stop());

const terms = { RETORT_LEASE_SECONDS: '3', RETORT_HEARTBEAT_SECONDS: '1', RETORT_GRACE_SECONDS: '2' };
const spec = (epochs: number) => tinySpec({ models: { plain: { ...tinyNet, epochs } }, reuse: false });

interface AttemptSeen {
  worker_id: string;
  reason: string;
}

it('writes nothing of a worker that was stopped past its lease and goes on, and gives it new work', async () => {
  const stopped = await retort.startWorker(terms);
  const id = await submit(retort, spec(16));
  await jobsWhen(retort, id, ([job]) => job!.status === 'running' && job!.progress.fraction > 0);
  stopped.kill('SIGSTOP');
  const other = await retort.startWorker(terms);
  await jobsWhen(retort, id, ([job]) => job!.status === 'running' && job!.attempts.started === 2);
  // Both compute the same job now, and only one of them may write.
  stopped.kill('SIGCONT');
  const [job] = await finishedJobs(retort, id);
  expect(job).toMatchObject({ status: 'succeeded', attempts: { started: 2, spent: 1 } });
  const { data } = await retort.get<{ data: AttemptSeen[] }>(`/v1/jobs/${job!.id}/attempts`);
  const [first, second] = await Promise.all([workerOf(retort, stopped), workerOf(retort, other)]);
  expect(data.map((attempt) => [attempt.worker_id, attempt.reason])).toEqual([
    [first.id, 'lease_expired'],
    [second.id, 'completed'],
  ]);
  type Events = { data: { id: number; type: string }[] };
  const events = (await retort.get<Events>(`/v1/experiments/${id}/events?limit=1000`)).data;
  expect(events.filter(({ type }) => type === 'job.succeeded')).toHaveLength(1);
  expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));

  await drain(retort, other);
  await expect.poll(async () => (await workerOf(retort, other)).status).toBe('offline');
  const [next] = await finishedJobs(retort, await submit(retort, spec(1)));
  expect(next).toMatchObject({ status: 'succeeded', attempts: { started: 1 } });
  expect(await workerOf(retort, stopped)).toMatchObject({ status: 'online', running: 0 });
});
