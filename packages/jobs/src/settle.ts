import { verdictOf, type JobResult, type Reason } from '@retort/contracts';
import type { Prisma } from '@retort/store';
import type { Change } from './change.js';

/** The name and identifier of a job, as its settling needs them. */
export interface JobRef {
  readonly id: string;
  readonly name: string;
}

/** Makes a job's tasks available to the workers, with a delivery in the outbox for each. */
export async function queueJob(change: Change, job: JobRef): Promise<void> {
  const { tx, now } = change;
  await tx.job.update({ where: { id: job.id }, data: { status: 'queued', queuedAt: now } });
  await tx.task.updateMany({ where: { jobId: job.id }, data: { status: 'queued', attempt: 1 } });
  const tasks = await tx.task.findMany({ where: { jobId: job.id }, select: { id: true }, orderBy: { shard: 'asc' } });
  await tx.outbox.createMany({ data: tasks.map(({ id }) => ({ taskId: id, attempt: 1, availableAt: now })) });
  change.emit('job.queued', job.id, { name: job.name });
}

export interface Ending {
  readonly reason: Reason;
  readonly detail?: string;
  readonly result?: JobResult;
}

/** Brings a job to its terminal status, and unblocks or ends the jobs that wait for it. */
export async function endJob(change: Change, job: JobRef, { reason, detail, result }: Ending): Promise<void> {
  const { tx, now } = change;
  const { status } = verdictOf(reason);
  await tx.job.update({
    where: { id: job.id },
    data: {
      status,
      reason,
      detail: detail ?? null,
      finishedAt: now,
      ...(result && { result: result as unknown as Prisma.InputJsonObject }),
      ...(status === 'succeeded' && { progress: { fraction: 1 } }),
    },
  });
  await tx.task.updateMany({
    where: { jobId: job.id, status: { in: ['blocked', 'queued', 'running', 'paused'] } },
    data: { status, leaseToken: null, leaseExpiresAt: null },
  });
  change.countEnded();
  change.emit(`job.${status}`, job.id, { name: job.name, reason, detail: detail ?? null });
  if (status === 'succeeded') await unblockChildren(change, job);
  else await endDescendants(change, job, status === 'cancelled' ? 'parent_cancelled' : 'parent_failed', reason, detail);
}

async function unblockChildren(change: Change, job: JobRef): Promise<void> {
  const edges = await change.tx.jobEdge.groupBy({ by: ['childId'], where: { parentId: job.id }, _count: true });
  for (const { childId, _count } of edges) {
    const child = await change.tx.job.update({
      where: { id: childId },
      data: { waitingFor: { decrement: _count } },
      select: { id: true, name: true, status: true, waitingFor: true },
    });
    if (child.status === 'blocked' && child.waitingFor === 0) await queueJob(change, child);
  }
}

async function endDescendants(
  change: Change,
  job: JobRef,
  reason: 'parent_failed' | 'parent_cancelled',
  cause: Reason,
  detail?: string,
): Promise<void> {
  const children = await change.tx.job.findMany({
    where: { status: 'blocked', parents: { some: { parentId: job.id } } },
    select: { id: true, name: true },
    orderBy: { ordinal: 'asc' },
  });
  const verb = reason === 'parent_failed' ? 'failed' : 'was cancelled';
  // A descendant names the job at the root of its fate, not the intermediate one that fell with it.
  const inherited = cause === 'parent_failed' || cause === 'parent_cancelled';
  const because = inherited && detail ? detail : `"${job.name}" (${job.id}) ${verb}: ${cause}`;
  for (const child of children) {
    // A sibling's fate may have ended this one already, through another path of the DAG.
    const { status } = await change.tx.job.findUniqueOrThrow({ where: { id: child.id }, select: { status: true } });
    if (status === 'blocked') await endJob(change, child, { reason, detail: because });
  }
}
