import { verdictOf, type JobKind, type JobResult, type ModelResult, type Reason } from '@retort/contracts';
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
    const failure = outcome.type === 'ended' ? outcome : await failureToKeep(change, outcome);
    const task = await closeAttempt(change, lease, failure ?? { reason: 'completed' });
    if (!task) return undefined;
    if (outcome.type === 'ended' && outcome.lost) await markLost(change.tx, outcome.lost, change.now);
    if (failure) await endAttempt(change, task, failure);
    else if (outcome.type === 'found') await succeedPart(change, task, outcome.sha256);
    else if (outcome.type === 'succeeded') await succeed(change, task, outcome);
    return change.stopped;
  });
  if (!stopped) return 'fenced';
  if (stopped.length > 0) onStopped?.(stopped);
  return 'recorded';
}

/** What an attempt that ends without success ends with. */
interface Failure {
  readonly reason: Reason;
  readonly detail: string;
}

/** Where what it found was collected before that could be written, an attempt has failed. */
async function failureToKeep(
  { tx }: Change,
  outcome: Exclude<Outcome, { type: 'ended' }>,
): Promise<Failure | undefined> {
  const hashes = outcome.type === 'found' ? [outcome.sha256] : outcome.artifacts.map(({ sha256 }) => sha256);
  const [collected] = await collectedOf(tx, hashes);
  if (collected === undefined) return undefined;
  const detail = `artifact ${collected} was collected before the result could be written; it is computed again`;
  return { reason: 'storage_unavailable', detail };
}

/** A task whose attempt has just been closed, and its job. */
interface ClosedTask extends TaskRef {
  readonly attempt: number;
  readonly spentAttempts: number;
  readonly name: string;
  readonly kind: JobKind;
  readonly dataset: string;
  readonly maxAttempts: number;
  /** Whether other jobs have its job as a parent. */
  readonly awaited: boolean;
  readonly cancelRequested: boolean;
  readonly pauseRequested: boolean;
}

/**
 * Closes the attempt that holds a lease.
 *
 * @param expiredBefore only where the lease has run out before then
 * @returns undefined where the lease is not held any more: nothing was changed
 */
export async function closeAttempt(
  { tx, now }: Change,
  { taskId, token }: Pick<Lease, 'taskId' | 'token'>,
  {
    reason,
    detail = null,
    expiredBefore = null,
  }: { reason: Reason; detail?: string | null; expiredBefore?: Date | null },
): Promise<ClosedTask | undefined> {
  const [closed] = await tx.$queryRaw<ClosedTask[]>`
    WITH held AS (
      SELECT id, job_id, role, shard, shards, attempt, spent_attempts FROM tasks
      WHERE id = ${taskId} AND lease_token = ${token}::uuid AND status = 'running'
        AND (${expiredBefore}::timestamptz IS NULL OR lease_expires_at < ${expiredBefore}::timestamptz)),
    closed AS (
      UPDATE attempts SET finished_at = ${now}, reason = ${reason}, detail = ${detail}
      FROM held WHERE task_id = held.id AND finished_at IS NULL)
    SELECT held.id, jobs.id AS "jobId", role, shard, shards, attempt, spent_attempts AS "spentAttempts",
      name, kind, spec #>> '{dataset,name}' AS dataset, max_attempts AS "maxAttempts",
      EXISTS (SELECT FROM job_edges WHERE parent_id = jobs.id) AS awaited,
      cancel_requested_at IS NOT NULL AS "cancelRequested", pause_requested_at IS NOT NULL AS "pauseRequested"
    FROM held JOIN jobs ON jobs.id = job_id`;
  return closed;
}

const jobOf = ({ jobId, name, awaited }: ClosedTask): JobRef => ({ id: jobId, name, awaited });

/** Keeps what a part has found; the last of the parts makes the merge available. */
async function succeedPart(change: Change, task: ClosedTask, sha256: string): Promise<void> {
  const job = jobOf(task);
  change.tx.$send`
    UPDATE tasks SET
      status = 'succeeded', outcome_sha256 = ${sha256}, checkpoint_sha256 = NULL, lease_token = NULL, lease_expires_at = NULL,
      progress = 1
    WHERE id = ${task.id}`;
  change.emit('task.succeeded', job.id, { name: job.name, ...placeOf(task) });
  if (task.cancelRequested) return endWithOthers(change, task, { reason: 'cancelled_by_request' });
  await queueMergeIfDue(change, job);
  await writeShareProgress(change, job.id);
  await alignJob(change, job.id);
}

async function succeed(
  change: Change,
  task: ClosedTask,
  { result, artifacts }: Extract<Outcome, { type: 'succeeded' }>,
): Promise<void> {
  const job = jobOf(task);
  if (artifacts.length > 0) {
    change.tx.$send`
      INSERT INTO job_artifacts (job_id, name, sha256)
      SELECT ${job.id}, artifact.name, artifact.sha256
      FROM unnest(${artifacts.map(({ name }) => name)}::text[], ${artifacts.map(({ sha256 }) => sha256)}::text[])
        AS artifact (name, sha256)`;
  }
  const weights = artifacts.find(({ name }) => name === 'weights');
  if (weights) enterModel(change, task, { model: result as ModelResult, weights });
  await endJob(change, job, { reason: 'completed', result });
}

function enterModel(
  { tx, now }: Change,
  { jobId, name, kind, dataset }: ClosedTask,
  { model, weights }: { model: ModelResult; weights: KeptArtifact },
): void {
  tx.$send`
    INSERT INTO models (
      id, job_id, name, kind, architecture, dataset,
      training_temperature, deployment_temperature, test_accuracy, weights_sha256, created_at)
    VALUES (
      ${newId('mod')}, ${jobId}, ${name}, ${kind}::job_kind, ${model.architecture}, ${dataset},
      ${model.training_temperature}, ${model.deployment_temperature}, ${model.test_accuracy.rate}, ${weights.sha256}, ${now})`;
}

/**
 * Ends what an attempt that did not succeed was at: the reason's verdict decides between another attempt and the job's
 * end; while a pause is asked for, the other attempt waits.
 */
export async function endAttempt(change: Change, task: ClosedTask, { reason, detail }: Failure): Promise<void> {
  const { tx, now } = change;
  const verdict = verdictOf(reason);
  const spentAttempts = task.spentAttempts + (verdict.spent ? 1 : 0);
  tx.$send`
    UPDATE tasks SET lease_token = NULL, lease_expires_at = NULL, worker_id = NULL, spent_attempts = ${spentAttempts}
    WHERE id = ${task.id}`;
  if (task.cancelRequested) {
    await endWithOthers(change, task, { reason: 'cancelled_by_request' });
  } else if (!verdict.retryable) {
    await endWithOthers(change, task, { reason, detail });
  } else if (spentAttempts >= task.maxAttempts) {
    const spent = `${detail} (attempt ${spentAttempts} of ${task.maxAttempts})`;
    await endWithOthers(change, task, { reason, detail: spent });
  } else if (task.pauseRequested) {
    await parkTask(change, task);
  } else {
    const availableAt = new Date(now.getTime() + backoff(verdict.delay, spentAttempts) * 1000);
    const attempt = await queueNextAttempt(change, task, availableAt);
    const retrying = { name: task.name, reason, detail, attempt, at: availableAt.toISOString() };
    if (task.role === 'whole') change.emit('job.retrying', task.jobId, retrying);
    else change.emit('task.retrying', task.jobId, { ...retrying, ...placeOf(task) });
  }
}

/** Ends a job by one of its tasks; what others of its tasks compute now is for nothing. */
async function endWithOthers(change: Change, task: ClosedTask, ending: Ending): Promise<void> {
  const job = jobOf(task);
  if (task.role === 'whole') return endJob(change, job, ending);
  const asked = ending.reason === 'cancelled_by_request';
  await stopOthers(change, task, {
    reason: asked ? ending.reason : 'sibling_failed',
    detail: asked ? 'it was running when the request came' : `${nameOf(task)} failed: ${ending.reason}`,
  });
  await endJob(change, job, {
    ...ending,
    ...(ending.detail !== undefined && { detail: `${nameOf(task)}: ${ending.detail}` }),
  });
}

/** Seconds before the next attempt: doubled with each one spent, with up to half of it added at random. */
function backoff(delay: number, spent: number): number {
  return delay * 2 ** Math.max(0, spent - 1) * (1 + Math.random() / 2);
}
