import type { Reason } from '@retort/contracts';
import type { TaskRole } from '@retort/store';
import type { Change } from './change.js';
import { enterOutbox } from './outbox.js';
import type { JobRef } from './settle.js';

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
export async function queueMergeIfDue(change: Change, job: JobRef): Promise<void> {
  const { tx } = change;
  const { id: jobId } = job;
  if ((await tx.task.count({ where: { jobId, role: 'part', status: { not: 'succeeded' } } })) > 0) return;
  const { pauseRequestedAt } = await tx.job.findUniqueOrThrow({
    where: { id: jobId },
    select: { pauseRequestedAt: true },
  });
  const [merge] = await tx.task.updateManyAndReturn({
    where: { jobId, role: 'merge', status: 'blocked' },
    data: pauseRequestedAt ? { status: 'paused' } : { status: 'queued', attempt: 1 },
    select: { id: true },
  });
  if (merge && !pauseRequestedAt) await enterOutbox(change, [merge.id]);
}

/** Lets a task whose attempt has ended wait until its job is resumed. */
export async function parkTask(change: Change, { id, jobId }: TaskRef): Promise<void> {
  await change.tx.task.update({ where: { id }, data: { status: 'paused' } });
  await alignJob(change, jobId);
}

/** Brings the status of a job in line with those of its tasks: it runs while any of them does, and waits while any waits. */
export async function alignJob(change: Change, jobId: string): Promise<void> {
  const { tx, now } = change;
  const groups = await tx.task.groupBy({ by: ['status'], where: { jobId } });
  const seen = new Set(groups.map(({ status }) => status));
  const status = (['running', 'queued', 'paused'] as const).find((candidate) => seen.has(candidate));
  const job = await tx.job.findUniqueOrThrow({ where: { id: jobId }, select: { name: true, status: true } });
  if (status === undefined || status === job.status) return;
  await tx.job.update({ where: { id: jobId }, data: { status, ...(status === 'queued' && { queuedAt: now }) } });
  if (status === 'paused') change.settled.add(jobId);
  if (status !== 'running') change.emit(`job.${status}`, jobId, { name: job.name });
}

/** Ends the attempts that run beside a task which ends their job; the job's end fences their workers. */
export async function stopOthers(
  { tx, now, stopped }: Change,
  task: TaskRef,
  { reason, detail }: { reason: Reason; detail: string },
): Promise<void> {
  const others = await tx.task.findMany({
    where: { jobId: task.jobId, status: 'running', id: { not: task.id } },
    select: { id: true },
  });
  const ids = others.map(({ id }) => id);
  await tx.attempt.updateMany({
    where: { taskId: { in: ids }, finishedAt: null },
    data: { finishedAt: now, reason, detail },
  });
  stopped.push(...ids);
}

/** Writes how far a job of several tasks is: its parts weigh the same, since none has two examples more than another. */
export async function writeShareProgress(change: Change, jobId: string): Promise<void> {
  const { tx } = change;
  const groups = await tx.task.groupBy({
    by: ['role', 'status'],
    where: { jobId },
    _count: true,
    _sum: { progress: true },
  });
  const parts = groups.filter(({ role }) => role === 'part');
  const shards = parts.reduce((sum, { _count }) => sum + _count, 0);
  const done = parts.find(({ status }) => status === 'succeeded')?._count ?? 0;
  const made = parts.reduce((sum, { _sum }) => sum + _sum.progress!, 0) / shards;
  const merged = groups.find(({ role }) => role === 'merge')!._sum.progress!;
  const progress = {
    fraction: PARTS_SHARE * made + (1 - PARTS_SHARE) * merged,
    message: done === shards ? 'merging' : `${done} of ${shards} parts done`,
  };
  await tx.job.update({ where: { id: jobId }, data: { progress } });
  change.emit('job.progress', jobId, progress);
}
