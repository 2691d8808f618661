import { verdictOf, type JobResult, type JobSpec, type ModelResult, type Reason } from '@retort/contracts';
import { collectedOf, markLost } from './artifacts.js';
import type { Change, Clocked } from './change.js';
import { changeExperiment } from './change.js';
import type { Lease } from './claim.js';
import { newId } from './id.js';
import { endJob, queueNextAttempt, type Ending, type JobRef } from './settle.js';
import {
  alignJob,
  nameOf,
  parkTask,
  placeOf,
  queueMergeIfDue,
  stopOthers,
  writeShareProgress,
  type TaskRef,
} from './shares.js';

/** An artifact that lies in the store already. */
export interface KeptArtifact {
  readonly name: string;
  readonly sha256: string;
}

export type Outcome =
  | { type: 'succeeded'; result: JobResult; artifacts: KeptArtifact[] }
  /** Of a part: what it has found lies in the store. */
  | { type: 'found'; sha256: string }
  | {
      type: 'ended';
      reason: Reason;
      detail: string;
      /** Artifacts that the store has no more, or not as they were. */
      lost?: readonly string[];
    };

/**
 * Ends an attempt: its result, artifacts, net and status, and the unblocked children, in one transaction; or nothing,
 * where the lease is lost.
 *
 * @param onStopped is told of the tasks that ran beside this one and ended with it, whose workers are to be called
 */
export async function finishTask(
  clocked: Clocked,
  lease: Lease,
  outcome: Outcome,
  onStopped?: (taskIds: readonly string[]) => void,
): Promise<'recorded' | 'fenced'> {
  const stopped = await changeExperiment(clocked, lease.experimentId, async (change) => {
    const held = await change.tx.task.count({
      where: { id: lease.taskId, leaseToken: lease.token, status: 'running' },
    });
    if (held === 0) return undefined;
    if (outcome.type === 'ended') {
      if (outcome.lost) await markLost(change.tx, outcome.lost, change.now);
      await endAttempt(change, lease.taskId, outcome);
      return change.stopped;
    }
    const hashes = outcome.type === 'found' ? [outcome.sha256] : outcome.artifacts.map(({ sha256 }) => sha256);
    const [collected] = await collectedOf(change.tx, hashes);
    if (collected !== undefined) {
      const detail = `artifact ${collected} was collected before the result could be written; it is computed again`;
      await endAttempt(change, lease.taskId, { reason: 'storage_unavailable', detail });
    } else if (outcome.type === 'found') await succeedPart(change, lease, outcome.sha256);
    else await succeed(change, lease, outcome.result, outcome.artifacts);
    return change.stopped;
  });
  if (!stopped) return 'fenced';
  if (stopped.length > 0) onStopped?.(stopped);
  return 'recorded';
}

/** Keeps what a part has found; the last of the parts makes the merge available. */
async function succeedPart(change: Change, { taskId, jobId }: Lease, sha256: string): Promise<void> {
  const { tx } = change;
  await closeAttempt(change, taskId, 'completed', null);
  const task = await tx.task.update({
    where: { id: taskId },
    data: {
      status: 'succeeded',
      outcomeSha256: sha256,
      checkpointSha256: null,
      leaseToken: null,
      leaseExpiresAt: null,
      progress: 1,
    },
    include: { job: true },
  });
  const { job } = task;
  change.emit('task.succeeded', jobId, { name: job.name, ...placeOf(task) });
  if (job.cancelRequestedAt) return endWithOthers(change, task, { reason: 'cancelled_by_request' });
  await queueMergeIfDue(change, job);
  await writeShareProgress(change, jobId);
  await alignJob(change, jobId);
}

async function succeed(change: Change, lease: Lease, result: JobResult, artifacts: KeptArtifact[]): Promise<void> {
  const { tx } = change;
  const { jobId, taskId } = lease;
  await closeAttempt(change, taskId, 'completed', null);
  await tx.jobArtifact.createMany({ data: artifacts.map(({ name, sha256 }) => ({ jobId, name, sha256 })) });
  const job = await tx.job.findUniqueOrThrow({ where: { id: jobId } });
  const weights = artifacts.find(({ name }) => name === 'weights');
  if (weights) {
    const model = result as ModelResult;
    await tx.model.create({
      data: {
        id: newId('mod'),
        jobId,
        name: job.name,
        kind: job.kind,
        architecture: model.architecture,
        dataset: (job.spec as unknown as JobSpec).dataset.name,
        trainingTemperature: model.training_temperature,
        deploymentTemperature: model.deployment_temperature,
        testAccuracy: model.test_accuracy.rate,
        weightsSha256: weights.sha256,
      },
    });
  }
  await endJob(change, job, { reason: 'completed', result });
}

/**
 * Ends a running attempt that did not succeed: the reason's verdict decides between another attempt and the job's end;
 * while a pause is asked for, the other attempt waits.
 *
 * The caller has made sure, under the experiment's lock, that the attempt is the one it means.
 */
export async function endAttempt(
  change: Change,
  taskId: string,
  { reason, detail }: { reason: Reason; detail: string },
): Promise<void> {
  const { tx, now } = change;
  const verdict = verdictOf(reason);
  await closeAttempt(change, taskId, reason, detail);
  const task = await tx.task.update({
    where: { id: taskId },
    data: {
      leaseToken: null,
      leaseExpiresAt: null,
      workerId: null,
      spentAttempts: { increment: verdict.spent ? 1 : 0 },
    },
    include: { job: true },
  });
  const { job } = task;
  if (job.cancelRequestedAt) {
    await endWithOthers(change, task, { reason: 'cancelled_by_request' });
  } else if (!verdict.retryable) {
    await endWithOthers(change, task, { reason, detail });
  } else if (task.spentAttempts >= job.maxAttempts) {
    const spent = `${detail} (attempt ${task.spentAttempts} of ${job.maxAttempts})`;
    await endWithOthers(change, task, { reason, detail: spent });
  } else if (job.pauseRequestedAt) {
    await parkTask(change, task);
  } else {
    const availableAt = new Date(now.getTime() + backoff(verdict.delay, task.spentAttempts) * 1000);
    const attempt = await queueNextAttempt(change, task, availableAt);
    const retrying = { name: job.name, reason, detail, attempt, at: availableAt.toISOString() };
    if (task.role === 'whole') change.emit('job.retrying', job.id, retrying);
    else change.emit('task.retrying', job.id, { ...retrying, ...placeOf(task) });
  }
}

/** Ends a job by one of its tasks; what others of its tasks compute now is for nothing. */
async function endWithOthers(change: Change, task: TaskRef & { job: JobRef }, ending: Ending): Promise<void> {
  if (task.role === 'whole') return endJob(change, task.job, ending);
  const asked = ending.reason === 'cancelled_by_request';
  await stopOthers(change, task, {
    reason: asked ? ending.reason : 'sibling_failed',
    detail: asked ? 'it was running when the request came' : `${nameOf(task)} failed: ${ending.reason}`,
  });
  await endJob(change, task.job, {
    ...ending,
    ...(ending.detail !== undefined && { detail: `${nameOf(task)}: ${ending.detail}` }),
  });
}

/** Seconds before the next attempt: doubled with each one spent, with up to half of it added at random. */
function backoff(delay: number, spent: number): number {
  return delay * 2 ** Math.max(0, spent - 1) * (1 + Math.random() / 2);
}

async function closeAttempt({ tx, now }: Change, taskId: string, reason: Reason, detail: string | null): Promise<void> {
  await tx.attempt.updateMany({ where: { taskId, finishedAt: null }, data: { finishedAt: now, reason, detail } });
}
