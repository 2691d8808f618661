import { verdictOf, type JobResult, type Reason } from '@retort/contracts';
import type { Change } from './change.js';
import { chooseLeaders } from './leaders.js';
import { enterOutbox, leaveOutbox } from './outbox.js';
import { alignJob, type TaskRef } from './shares.js';

/** The name and identifier of a job, as its settling needs them. */
export interface JobRef {
  readonly id: string;
  readonly name: string;
  /** False where no other job has it as a parent; left out where that is not known. */
  readonly awaited?: boolean;
}

/**
 * Makes the tasks of jobs that wait for no parent available to the workers, with a delivery in the outbox for each; a
 * job equal to one that is computed now waits for its result instead.
 */
export async function queueJobs(change: Change, jobs: readonly JobRef[]): Promise<void> {
  const { tx, now } = change;
  const leaders = await chooseLeaders(change, jobs);
  if (leaders.length === 0) return;
  const ids = leaders.map(({ id }) => id);
  const tasks = await tx.$queryRaw<{ id: string }[]>`
    WITH queued AS (UPDATE jobs SET status = 'queued', queued_at = ${now} WHERE id = ANY(${ids}::text[]))
    UPDATE tasks SET status = 'queued', attempt = 1 WHERE job_id = ANY(${ids}::text[]) AND role <> 'merge' RETURNING id`;
  deliverJobs(
    change,
    leaders,
    tasks.map(({ id }) => id),
  );
}

/** Enters the deliveries of jobs that are queued now. */
export function deliverJobs(change: Change, jobs: readonly JobRef[], taskIds: readonly string[]): void {
  if (jobs.length === 0) return;
  enterOutbox(change, taskIds);
  for (const { id, name } of jobs) change.emit('job.queued', id, { name });
}

/**
 * Makes a task available for another attempt.
 *
 * @returns the attempt's number
 */
export async function queueNextAttempt(
  change: Change,
  task: TaskRef & { readonly attempt: number },
  availableAt: Date,
): Promise<number> {
  const { tx, now } = change;
  const attempt = task.attempt + 1;
  tx.$send`UPDATE tasks SET status = 'queued', attempt = ${attempt} WHERE id = ${task.id}`;
  enterOutbox(change, [task.id], availableAt);
  if (task.role === 'whole') {
    tx.$send`UPDATE jobs SET status = 'queued', queued_at = ${now} WHERE id = ${task.jobId}`;
  } else {
    await alignJob(change, task.jobId);
  }
  return attempt;
}

/** Lets jobs that no worker holds wait until they are resumed; deliveries that are on their way are dropped at their claim. */
export function parkJobs(change: Change, jobs: readonly JobRef[]): void {
  if (jobs.length === 0) return;
  const { tx } = change;
  const ids = jobs.map(({ id }) => id);
  tx.$send`
    WITH parked AS (UPDATE jobs SET status = 'paused', follows_id = NULL WHERE id = ANY(${ids}::text[]))
    UPDATE tasks SET status = 'paused'
    WHERE job_id = ANY(${ids}::text[]) AND status IN ('blocked', 'queued', 'running')`;
  leaveOutbox(change, ids);
  for (const { id, name } of jobs) {
    change.settled.add(id);
    change.emit('job.paused', id, { name });
  }
}

export interface Ending {
  readonly reason: Reason;
  readonly detail?: string;
  readonly result?: JobResult;
}

/** Brings a job to its terminal status, and unblocks or ends the jobs that wait for it. */
export async function endJob(change: Change, job: JobRef, ending: Ending): Promise<void> {
  endJobs(change, [job], ending);
  if (job.awaited === false) return;
  const { reason } = ending;
  const { status } = verdictOf(reason);
  if (status === 'succeeded') return unblockChildren(change, job);
  const cancelled = status === 'cancelled';
  endJobs(change, await blockedDescendants(change, job), {
    reason: cancelled ? 'parent_cancelled' : 'parent_failed',
    // A descendant names the job at the root of its fate, not the intermediate one that falls with it.
    detail: `"${job.name}" (${job.id}) ${cancelled ? 'was cancelled' : 'failed'}: ${reason}`,
  });
}

/** Brings jobs to one terminal status, in one statement for thousands as for one; what waits for them is the caller's. */
export function endJobs(change: Change, jobs: readonly JobRef[], { reason, detail, result }: Ending): void {
  if (jobs.length === 0) return;
  const { tx, now } = change;
  const { status } = verdictOf(reason);
  const ids = jobs.map(({ id }) => id);
  // What the parts have found is in the result now, or is of no use any more.
  tx.$send`
    WITH ended AS (
      UPDATE jobs SET
        status = ${status}::job_status, reason = ${reason}, detail = ${detail ?? null}, finished_at = ${now}, follows_id = NULL,
        result = coalesce(${result ? JSON.stringify(result) : null}::jsonb, result),
        progress = CASE WHEN ${status === 'succeeded'} THEN '{"fraction": 1}' ELSE progress END
      WHERE id = ANY(${ids}::text[])),
    freed AS (
      UPDATE tasks SET
        status = CASE WHEN status IN ('blocked', 'queued', 'running', 'paused') THEN ${status}::job_status ELSE status END,
        lease_token = NULL, lease_expires_at = NULL, checkpoint_sha256 = NULL, outcome_sha256 = NULL
      WHERE job_id = ANY(${ids}::text[]))
    DELETE FROM outbox USING tasks WHERE tasks.id = task_id AND job_id = ANY(${ids}::text[])`;
  for (const { id, name } of jobs) {
    change.countEnded();
    change.settled.add(id);
    change.emit(`job.${status}`, id, { name, reason, detail: detail ?? null });
  }
}

/** One count less for each child of a job that has succeeded; the children that wait for nothing more are queued. */
async function unblockChildren(change: Change, job: JobRef): Promise<void> {
  const ready = await change.tx.$queryRaw<JobRef[]>`
    WITH counted AS (
      UPDATE jobs SET waiting_for = waiting_for - edges.met
      FROM (SELECT child_id, count(*)::int AS met FROM job_edges WHERE parent_id = ${job.id} GROUP BY child_id) edges
      WHERE jobs.id = edges.child_id
      RETURNING jobs.id, name, status, waiting_for, ordinal)
    SELECT id, name FROM counted WHERE status = 'blocked' AND waiting_for = 0 ORDER BY ordinal`;
  await queueJobs(change, ready);
}

/** Every job that waits, through however many others, for this one. */
function blockedDescendants({ tx }: Change, job: JobRef): Promise<JobRef[]> {
  return tx.$queryRaw<JobRef[]>`
    WITH RECURSIVE descendants AS (
      SELECT child_id FROM job_edges WHERE parent_id = ${job.id}
      UNION
      SELECT job_edges.child_id FROM job_edges JOIN descendants ON job_edges.parent_id = descendants.child_id)
    SELECT id, name FROM descendants
    CROSS JOIN LATERAL (SELECT id, name, status, ordinal FROM jobs WHERE id = child_id LIMIT 1) job
    WHERE status IN ('blocked', 'paused') ORDER BY ordinal`;
}
