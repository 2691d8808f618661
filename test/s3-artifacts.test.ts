import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishedJobs, jobsWhen, named, sha256Of, submit, tinySpec } from './support/experiments.js';
import { startRetort, type TestRetort } from './support/retort.js';
import { startS3, type TestS3 } from './support/s3.js';

let s3: TestS3;
let retort: TestRetort;
beforeAll(async () => {
  s3 = await startS3();
  retort = await startRetort({ environment: { ...s3.environment, RETORT_STORAGE_PATIENCE_SECONDS: '0' } });
});
afterAll(async () => {
  await retort.stop();
  await s3.close();
});

it('keeps artifacts in S3, ends no job while it is away, and streams them from there', async () => {
  await retort.startWorker();
  await s3.stop();
  const id = await submit(retort, tinySpec({ limits: { max_attempts: 1 } }));
  const [waiting] = await jobsWhen(retort, id, ([job]) => job!.attempts.started >= 2);
  const path = `/v1/jobs/${waiting!.id}`;
  const { data: attempts } = await retort.get<{ data: object[] }>(`${path}/attempts`);
  const detail = expect.stringMatching(/^s3:\/\/retort\/artifacts\/ at .* does not answer/) as string;
  expect(attempts[0]).toMatchObject({ reason: 'storage_unavailable', detail });
  await s3.start();
  const job = named(await finishedJobs(retort, id), 'plain');
  expect(job).toMatchObject({ status: 'succeeded', attempts: { spent: 0 } });
  const bytes = await (await fetch(`${retort.url}${path}/artifacts/weights`)).arrayBuffer();
  expect(createHash('sha256').update(Buffer.from(bytes)).digest('hex')).toBe(sha256Of(job, 'weights'));
});
