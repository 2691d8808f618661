import { randomUUID } from 'node:crypto';
import type { EngineDescription, JobKind, JobResult, JobSpec } from '@retort/contracts';
import type { Queryable } from '@retort/store';
import { changeExperiment, type Clocked } from './change.js';
import { newId } from './id.js';

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

export interface ClaimedTask {
  readonly lease: Lease;
  readonly name: string;
  readonly job: JobSpec;
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
    const { count } = await tx.task.updateMany({
      where: { id: taskId, status: 'queued', attempt },
      data: {
        status: 'running',
        workerId,
        leaseToken: token,
        leaseExpiresAt: new Date(now.getTime() + leaseSeconds * 1000),
        startedAt: now,
      },
    });
    if (count === 0) return { outcome: 'not_available' };
    await tx.outbox.deleteMany({ where: { taskId } });
    const { checkpointSha256 } = await tx.task.findUniqueOrThrow({
      where: { id: taskId },
      select: { checkpointSha256: true },
    });
    const checkpoint = checkpointSha256 ?? undefined;
    const job = await tx.job.update({
      where: { id: jobId },
      data: { status: 'running', startedAt: now, ...(checkpoint === undefined && { progress: { fraction: 0 } }) },
    });
    // An attempt that begins anew has curves of its own; one that goes on writes over the points that it computes again.
    if (checkpoint === undefined) await tx.metric.deleteMany({ where: { jobId } });
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
    change.emit('job.started', jobId, {
      name: job.name,
      attempt,
      worker_id: workerId,
      engine: engine.name,
      resumed: checkpoint !== undefined,
    });
    return {
      outcome: 'claimed',
      task: {
        lease: { taskId, jobId, experimentId, token, attempt },
        name: job.name,
        job: job.spec as unknown as JobSpec,
        inputs: await readInputs(tx, jobId),
        maxDurationSeconds: job.maxDurationSeconds,
        ...(checkpoint !== undefined && { checkpoint }),
      },
    };
  });
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
