import type { JobStatus, Reason } from '@retort/contracts';
import type { TaskRole } from '@retort/store';
import type { Change } from './change.js';
import { enterOutbox } from './outbox.js';

/** A task, and which share of its job it does. */
export interface TaskRef {
  readonly id: string;
  readonly jobId: string;
  readonly role: TaskRole;
  readonly shard: number;
  readonly shards: number;
}

/** The share of the progress of a job that its parts make. */
const PARTS_SHARE = 0.95;

/** The tasks of a job that is split into so many parts. */
export function sharesOf(shards: number): Pick<TaskRef, 'role' | 'shard' | 'shards'>[] {
  if (shards === 1) return [{ role: 'whole', shard: 0, shards }];
  const parts = Array.from({ length: shards }, (_, shard) => ({ role: 'part' as const, shard, shards }));
  return [...parts, { role: 'merge', shard: 0, shards }];
}

/** What events say of a task of several. */
export function placeOf({ role, shard, shards }: TaskRef) {
  return role === 'part' ? { role, shard, shards } : { role, shards };
}

/** What a task of several is called in a sentence. */
export function nameOf({ role, shard, shards }: TaskRef): string {
  return role === 'part' ? `part ${shard + 1} of ${shards}` : `the merge of ${shards} parts`;
}

/** Makes the merge of a job available once its last part has succeeded; while a pause is asked for, the merge waits. */
export async function queueMergeIfDue(change: Change, { id: jobId }: { readonly id: string }): Promise<void> {
  const merges = await change.tx.$queryRaw<{ id: string; status: JobStatus }[]>`
    UPDATE tasks SET
      status = (CASE WHEN pause_requested_at IS NULL THEN 'queued' ELSE 'paused' END)::job_status,
      attempt = CASE WHEN pause_requested_at IS NULL THEN 1 ELSE attempt END
    FROM jobs
    WHERE jobs.id = job_id AND job_id = ${jobId} AND role = 'merge' AND tasks.status = 'blocked' AND NOT EXISTS (
      SELECT FROM tasks part WHERE part.job_id = ${jobId} AND part.role = 'part' AND part.status <> 'succeeded')
    RETURNING tasks.id, tasks.status`;
  const queued = merges.filter(({ status }) => status === 'queued').map(({ id }) => id);
  if (queued.length > 0) enterOutbox(change, queued);
}

/** Lets a task whose attempt has ended wait until its job is resumed. */
export async function parkTask(change: Change, { id, jobId }: TaskRef): Promise<void> {
  change.tx.$send`UPDATE tasks SET status = 'paused' WHERE id = ${id}`;
  await alignJob(change, jobId);
}

/** Brings the status of a job in line with those of its tasks: it runs while any of them does, and waits while any waits. */
export async function alignJob(change: Change, jobId: string): Promise<void> {
  const { tx, now } = change;
  const [job] = await tx.$queryRaw<[{ name: string; status: JobStatus; seen: JobStatus[] }]>`
    SELECT name, status, ARRAY(SELECT DISTINCT tasks.status::text FROM tasks WHERE job_id = jobs.id) AS seen
    FROM jobs WHERE id = ${jobId}`;
  const status = (['running', 'queued', 'paused'] as const).find((candidate) => job.seen.includes(candidate));
  if (status === undefined || status === job.status) return;
  tx.$send`
    UPDATE jobs SET
      status = ${status}::job_status,
      queued_at = CASE WHEN ${status === 'queued'} THEN ${now}::timestamptz ELSE queued_at END
    WHERE id = ${jobId}`;
  if (status === 'paused') change.settled.add(jobId);
  if (status !== 'running') change.emit(`job.${status}`, jobId, { name: job.name });
}

/** Ends the attempts that run beside a task which ends their job; the job's end fences their workers. */
export async function stopOthers(
  { tx, now, stopped }: Change,
  task: TaskRef,
  { reason, detail }: { reason: Reason; detail: string },
): Promise<void> {
  const others = await tx.$queryRaw<{ id: string }[]>`
    WITH others AS (SELECT id FROM tasks WHERE job_id = ${task.jobId} AND status = 'running' AND id <> ${task.id}),
    closed AS (
      UPDATE attempts SET finished_at = ${now}, reason = ${reason}, detail = ${detail}
      FROM others WHERE task_id = others.id AND finished_at IS NULL)
    SELECT id FROM others`;
  stopped.push(...others.map(({ id }) => id));
}

/** Writes how far a job of several tasks is: its parts weigh the same, since none has two examples more than another. */
export async function writeShareProgress(change: Change, jobId: string): Promise<void> {
  const { tx } = change;
  const [{ shards, done, made, merged }] = await tx.$queryRaw<
    [{ shards: number; done: number; made: number; merged: number }]
  >`
    SELECT
      count(*) FILTER (WHERE role = 'part')::int AS shards,
      count(*) FILTER (WHERE role = 'part' AND status = 'succeeded')::int AS done,
      sum(progress) FILTER (WHERE role = 'part') AS made,
      sum(progress) FILTER (WHERE role = 'merge') AS merged
    FROM tasks WHERE job_id = ${jobId}`;
  const progress = {
    fraction: PARTS_SHARE * (made / shards) + (1 - PARTS_SHARE) * merged,
    message: done === shards ? 'merging' : `${done} of ${shards} parts done`,
  };
  tx.$send`UPDATE jobs SET progress = ${JSON.stringify(progress)}::jsonb WHERE id = ${jobId}`;
  change.emit('job.progress', jobId, progress);
}
