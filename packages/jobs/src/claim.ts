import { randomUUID } from 'node:crypto';
import type { EngineDescription, JobKind, JobResult, JobSpec } from '@retort/contracts';
import type { Job, Prisma, Queryable } from '@retort/store';
import { changeExperiment, type Change, type Clocked } from './change.js';
import { newId } from './id.js';
import { stopQueueTimeout } from './outbox.js';
import { placeOf, type TaskRef } from './shares.js';

/** How long a worker may be silent before its task is given to another, and how often it speaks. */
export interface LeaseTerms {
  /** Seconds from a heartbeat to the end of the lease. */
  readonly leaseSeconds: number;
}

/** The right to write to a task; every write carries its token. */
export interface Lease {
  readonly taskId: string;
  readonly jobId: string;
  readonly experimentId: string;
  readonly token: string;
  readonly attempt: number;
}

/** A finished job that the claimed one builds on. */
export interface ClaimedInput {
  readonly role: string;
  readonly name: string;
  readonly kind: JobKind;
  readonly result: JobResult;
  readonly artifacts: { name: string; sha256: string }[];
}

/** What of its job a task does: all, one part of the examples, or the merge of what the parts have found. */
export type Share =
  | { readonly role: 'whole' }
  | { readonly role: 'part'; readonly shard: number; readonly shards: number }
  | {
      readonly role: 'merge';
      /** The sha256 of what each part has found, in their order. */
      readonly outcomes: readonly string[];
    };

export interface ClaimedTask {
  readonly lease: Lease;
  readonly name: string;
  readonly job: JobSpec;
  readonly share: Share;
  readonly inputs: ClaimedInput[];
  readonly maxDurationSeconds: number;
  /** The sha256 of what an earlier attempt left to go on from. */
  readonly checkpoint?: string;
}

export type Claim = { outcome: 'claimed'; task: ClaimedTask } | { outcome: 'not_available' };

/**
 * Takes a delivered task for a worker, by compare-and-set on its status and attempt.
 *
 * `not_available` means a duplicate delivery, or a job that was cancelled meanwhile: acknowledge it and do nothing.
 */
export async function claimTask(
  clocked: Clocked,
  request: { taskId: string; attempt: number; workerId: string; engine: EngineDescription } & LeaseTerms,
): Promise<Claim> {
  const { db, now } = clocked;
  const { taskId, attempt, workerId, engine, leaseSeconds } = request;
  const target = await db.task.findUnique({
    where: { id: taskId },
    select: { job: { select: { id: true, experimentId: true } } },
  });
  if (!target) return { outcome: 'not_available' };
  const { id: jobId, experimentId } = target.job;

  return changeExperiment(clocked, experimentId, async (change): Promise<Claim> => {
    const { tx } = change;
    const token = randomUUID();
    const [task] = await tx.task.updateManyAndReturn({
      where: { id: taskId, status: 'queued', attempt },
      data: {
        status: 'running',
        workerId,
        leaseToken: token,
        leaseExpiresAt: new Date(now.getTime() + leaseSeconds * 1000),
        startedAt: now,
      },
      select: { id: true, jobId: true, role: true, shard: true, shards: true, checkpointSha256: true },
    });
    if (!task) return { outcome: 'not_available' };
    await tx.outbox.deleteMany({ where: { taskId } });
    const checkpoint = task.checkpointSha256 ?? undefined;
    await tx.attempt.create({
      data: {
        id: newId('att'),
        taskId,
        number: attempt,
        workerId,
        engine: engine,
        startedAt: now,
      },
    });
    const started = { attempt, worker_id: workerId, engine: engine.name, resumed: checkpoint !== undefined };
    const job = task.role === 'whole' ? await startJob(change, task, started) : await startShare(change, task, started);
    return {
      outcome: 'claimed',
      task: {
        lease: { taskId, jobId, experimentId, token, attempt },
        name: job.name,
        job: job.spec as unknown as JobSpec,
        share: await shareOf(tx, task),
        inputs: await readInputs(tx, jobId),
        maxDurationSeconds: job.maxDurationSeconds,
        ...(checkpoint !== undefined && { checkpoint }),
      },
    };
  });
}

/** What the events say of an attempt that starts. */
interface Started extends Prisma.InputJsonObject {
  readonly resumed: boolean;
}

async function startJob(change: Change, { jobId }: TaskRef, started: Started): Promise<Job> {
  const { tx, now } = change;
  const job = await tx.job.update({
    where: { id: jobId },
    data: { status: 'running', startedAt: now, ...(!started.resumed && { progress: { fraction: 0 } }) },
  });
  // An attempt that begins anew has curves of its own; one that goes on writes over the points that it computes again.
  if (!started.resumed) await tx.metric.deleteMany({ where: { jobId } });
  change.emit('job.started', jobId, { name: job.name, ...started });
  return job;
}

/** A job of several tasks starts with the first of them. */
async function startShare(change: Change, task: TaskRef, started: Started): Promise<Job> {
  const { tx, now } = change;
  if (!started.resumed) await tx.task.update({ where: { id: task.id }, data: { progress: 0 } });
  const job = await tx.job.findUniqueOrThrow({ where: { id: task.jobId } });
  if (job.status !== 'running') {
    await tx.job.update({ where: { id: job.id }, data: { status: 'running', startedAt: job.startedAt ?? now } });
    await stopQueueTimeout(tx, job.id);
    change.emit('job.started', job.id, { name: job.name, ...started, resumed: job.startedAt !== null });
  }
  change.emit('task.started', job.id, { name: job.name, ...placeOf(task), ...started });
  return job;
}

async function shareOf(tx: Queryable, { role, jobId, shard, shards }: TaskRef): Promise<Share> {
  if (role === 'whole') return { role };
  if (role === 'part') return { role, shard, shards };
  const parts = await tx.task.findMany({
    where: { jobId, role: 'part' },
    orderBy: { shard: 'asc' },
    select: { outcomeSha256: true },
  });
  return { role, outcomes: parts.map(({ outcomeSha256 }) => outcomeSha256!) };
}

async function readInputs(tx: Queryable, jobId: string): Promise<ClaimedInput[]> {
  const edges = await tx.jobEdge.findMany({
    where: { childId: jobId },
    orderBy: { role: 'asc' },
    select: {
      role: true,
      parent: {
        select: { name: true, kind: true, result: true, artifacts: { select: { name: true, sha256: true } } },
      },
    },
  });
  return edges.map(({ role, parent }) => ({ role, ...parent, result: parent.result as unknown as JobResult }));
}
