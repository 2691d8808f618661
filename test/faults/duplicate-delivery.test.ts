import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { queueName, type TaskAttempt } from '@retort/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventsOf, expectEndedOnce, finishedJobs, quickSpec, submit } from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';

let retort: TestRetort;
let redis: Redis;
let queue: Queue<TaskAttempt>;
beforeAll(async () => {
  retort = await startRetort();
  redis = new Redis(retort.environment.REDIS_URL, { maxRetriesPerRequest: null });
  queue = new Queue<TaskAttempt>(queueName('wasm'), { connection: redis, prefix: retort.environment.RETORT_PREFIX });
});
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await retort.stop();
});

it('runs a task once that is delivered three times at once, to three workers', async () => {
  await Promise.all([retort.startWorker(), retort.startWorker(), retort.startWorker()]);
  await queue.pause();
  const id = await submit(retort, quickSpec());
  const delivered = () => queue.getJobs(['waiting', 'prioritized']);
  await expect.poll(delivered).toHaveLength(1);
  const [first] = await delivered();
  // Under ids of their own, as if the queue itself had failed to tell them apart.
  for (const copy of ['second', 'third']) await queue.add(first!.name, first!.data, { ...first!.opts, jobId: copy });
  await queue.resume();

  const [job] = await finishedJobs(retort, id);
  expect(job).toMatchObject({ status: 'succeeded', attempts: { started: 1 } });
  await expectEndedOnce(retort, id);
  const counts = () => queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active', 'failed');
  await expect.poll(async () => Object.values(await counts()).reduce((sum, count) => sum + count)).toBe(0);
  expect((await eventsOf(retort, id)).filter(({ type }) => type === 'job.started')).toHaveLength(1);
});
