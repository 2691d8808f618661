import { beforeEach, expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { cancelExperiment } from './cancel.js';
import { recordCheckpoint } from './checkpoint.js';
import { claimTask, type ClaimedTask } from './claim.js';
import { finishTask } from './finish.js';
import { renewLease } from './heartbeat.js';
import { pause, resume } from './pause.js';
import { submitExperiment } from './submit.js';
import { engine, familySpec, keepArtifact, netResult } from './testing/fixtures.js';

const { db } = await openTestDatabase();
let experimentId: string;
const now = new Date(Date.UTC(2026, 0, 1));
const at = { db, now };

beforeEach(async () => {
  const submission = await submitExperiment(at, { body: familySpec({ reuse: false }) });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  experimentId = submission.experimentId;
});

function job(name: string) {
  return db.job.findFirstOrThrow({ where: { experimentId, name }, include: { tasks: true } });
}

async function claim(name: string): Promise<ClaimedTask | undefined> {
  const { tasks } = await job(name);
  const { id: taskId, attempt } = tasks[0]!;
  const claimed = await claimTask(at, { taskId, attempt, workerId: 'wrk_test', engine, leaseSeconds: 30 });
  return claimed.outcome === 'claimed' ? claimed.task : undefined;
}

async function statuses() {
  const jobs = await db.job.findMany({ where: { experimentId }, orderBy: { ordinal: 'asc' } });
  return Object.fromEntries(jobs.map(({ name, status }) => [name, status]));
}

const paused = { reason: 'paused_by_request', detail: 'it was running when the request came', type: 'ended' } as const;

it('pauses what waits at once, drops its delivery, and queues it anew when it is resumed', async () => {
  const { tasks } = await job('teacher');
  expect(await pause(at, { experimentId })).toEqual({ runningTasks: [] });
  expect(new Set(Object.values(await statuses()))).toEqual(new Set(['paused']));
  const delivery = { taskId: tasks[0]!.id, attempt: 1, workerId: 'wrk_test', engine, leaseSeconds: 30 };
  expect(await claimTask(at, delivery)).toEqual({ outcome: 'not_available' });

  await resume(at, { experimentId });
  expect(await statuses()).toMatchObject({ teacher: 'queued', student: 'blocked', 'fgsm on student': 'blocked' });
  expect(await claimTask(at, delivery)).toEqual({ outcome: 'not_available' });
  expect(await claim('teacher')).toBeDefined();
});

it('lets a running job wait after its checkpoint, spends no try, and goes on from the checkpoint', async () => {
  const task = await claim('teacher');
  const checkpoint = { sha256: 'a'.repeat(64), message: 'after epoch 1 of 2' };
  await keepArtifact(db, checkpoint.sha256);
  expect(await pause(at, { jobId: task!.lease.jobId })).toEqual({ runningTasks: [task!.lease.taskId] });
  expect(await renewLease(at, task!.lease, { leaseSeconds: 30 })).toEqual({ outcome: 'held', requested: 'pause' });
  expect(await recordCheckpoint(at, task!.lease, checkpoint)).toBe('recorded');
  expect(await finishTask(at, task!.lease, paused)).toBe('recorded');
  expect(await job('teacher')).toMatchObject({ status: 'paused', tasks: [{ status: 'paused', spentAttempts: 0 }] });
  expect(await recordCheckpoint(at, task!.lease, checkpoint)).toBe('fenced');

  await resume(at, { jobId: task!.lease.jobId });
  const again = await claim('teacher');
  expect(again!.checkpoint).toBe(checkpoint.sha256);
  await finishTask(at, again!.lease, { type: 'succeeded', result: netResult, artifacts: [] });
  expect(await job('teacher')).toMatchObject({ status: 'succeeded', tasks: [{ checkpointSha256: null }] });
});

it('lets a job wait whose worker dies while it is asked to pause, and takes a pause back', async () => {
  const task = await claim('teacher');
  await pause(at, { jobId: task!.lease.jobId });
  await finishTask(at, task!.lease, { type: 'ended', reason: 'child_exited', detail: 'killed' });
  expect(await job('teacher')).toMatchObject({ status: 'paused', tasks: [{ spentAttempts: 1 }] });

  await resume(at, { experimentId });
  const again = await claim('teacher');
  await pause(at, { experimentId });
  await resume(at, { experimentId });
  expect(await renewLease(at, again!.lease, { leaseSeconds: 30 })).toEqual({ outcome: 'held' });
});

it('ends a paused job with its parent, and with its experiment', async () => {
  const { id: jobId } = await job('student');
  await pause(at, { jobId });
  const task = await claim('teacher');
  await finishTask(at, task!.lease, { type: 'ended', reason: 'diverged', detail: 'the loss is infinite' });
  expect(await statuses()).toMatchObject({ teacher: 'failed', student: 'failed', 'fgsm on student': 'failed' });
  await pause(at, { experimentId });
  await cancelExperiment(at, experimentId);
  expect((await statuses()).student).toBe('failed');
});

it('counts a paused child down when its parent succeeds, and queues it when it is resumed', async () => {
  const { id: jobId } = await job('student');
  await pause(at, { jobId });
  const task = await claim('teacher');
  await finishTask(at, task!.lease, { type: 'succeeded', result: netResult, artifacts: [] });
  expect((await statuses()).student).toBe('paused');
  await resume(at, { jobId });
  expect((await statuses()).student).toBe('queued');
});

it('says where there is no such job or experiment', async () => {
  expect(await pause(at, { jobId: 'job_none' })).toBeUndefined();
  expect(await resume(at, { experimentId: 'exp_none' })).toBeUndefined();
});
