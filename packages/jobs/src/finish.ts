import { verdictOf, type JobResult, type JobSpec, type ModelResult, type Reason } from '@retort/contracts';
import { collectedOf } from './artifacts.js';
import type { Change, Clocked } from './change.js';
import { changeExperiment } from './change.js';
import type { Lease } from './claim.js';
import { newId } from './id.js';
import { endJob, parkJobs, queueNextAttempt, type JobRef } from './settle.js';

/** An artifact that lies in the store already. */
export interface KeptArtifact {
  readonly name: string;
  readonly sha256: string;
}

export type Outcome =
  | { type: 'succeeded'; result: JobResult; artifacts: KeptArtifact[] }
  | { type: 'ended'; reason: Reason; detail: string };

/** Ends an attempt: its result, artifacts, net and status, and the unblocked children, in one transaction; or nothing, where the lease is lost. */
export async function finishTask(clocked: Clocked, lease: Lease, outcome: Outcome): Promise<'recorded' | 'fenced'> {
  return changeExperiment(clocked, lease.experimentId, async (change) => {
    const held = await change.tx.task.count({
      where: { id: lease.taskId, leaseToken: lease.token, status: 'running' },
    });
    if (held === 0) return 'fenced';
    if (outcome.type === 'ended') {
      await endAttempt(change, lease.taskId, outcome);
      return 'recorded';
    }
    const hashes = outcome.artifacts.map(({ sha256 }) => sha256);
    const [collected] = await collectedOf(change.tx, hashes);
    if (collected === undefined) await succeed(change, lease, outcome.result, outcome.artifacts);
    else {
      const detail = `artifact ${collected} was collected before the result could be written; it is computed again`;
      await endAttempt(change, lease.taskId, { reason: 'storage_unavailable', detail });
    }
    return 'recorded';
  });
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
  const job: JobRef = task.job;
  if (task.job.cancelRequestedAt) {
    await endJob(change, job, { reason: 'cancelled_by_request' });
  } else if (!verdict.retryable) {
    await endJob(change, job, { reason, detail });
  } else if (task.spentAttempts >= task.job.maxAttempts) {
    await endJob(change, job, {
      reason,
      detail: `${detail} (attempt ${task.spentAttempts} of ${task.job.maxAttempts})`,
    });
  } else if (task.job.pauseRequestedAt) {
    await parkJobs(change, [job]);
  } else {
    const availableAt = new Date(now.getTime() + backoff(verdict.delay, task.spentAttempts) * 1000);
    const attempt = await queueNextAttempt(change, task, availableAt);
    change.emit('job.retrying', job.id, { name: job.name, reason, detail, attempt, at: availableAt.toISOString() });
  }
}

/** Seconds before the next attempt: doubled with each one spent, with up to half of it added at random. */
function backoff(delay: number, spent: number): number {
  return delay * 2 ** Math.max(0, spent - 1) * (1 + Math.random() / 2);
}

async function closeAttempt({ tx, now }: Change, taskId: string, reason: Reason, detail: string | null): Promise<void> {
  await tx.attempt.updateMany({ where: { taskId, finishedAt: null }, data: { finishedAt: now, reason, detail } });
}
