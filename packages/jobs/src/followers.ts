import { verdictOf, type JobResult, type Reason } from '@retort/contracts';
import type { Queryable } from '@retort/store';
import type { Change } from './change.js';
import { atWork, nothingLost } from './leaders.js';
import { endJob, queueJobs } from './settle.js';

/** A job that follows another, and its experiment. */
export interface Follower {
  readonly id: string;
  readonly experimentId: string;
}

/** Who follows one of these jobs though it computes no more, the oldest first. */
export async function followersOf(db: Queryable, leaderIds: readonly string[]): Promise<Follower[]> {
  return db.$queryRaw<Follower[]>`
    SELECT follower.id, follower.experiment_id AS "experimentId"
    FROM jobs follower JOIN jobs leader ON leader.id = follower.follows_id
    WHERE follower.follows_id = ANY(${leaderIds}) AND leader.status NOT IN ('queued', 'running')
    ORDER BY follower.id`;
}

/** Who follows any job that computes no more, or is not there: a crash came between its end and theirs. */
export async function strandedFollowers(db: Queryable): Promise<Follower[]> {
  return db.$queryRaw<Follower[]>`
    SELECT follower.id, follower.experiment_id AS "experimentId"
    FROM jobs follower LEFT JOIN jobs leader ON leader.id = follower.follows_id
    WHERE follower.follows_id IS NOT NULL AND (leader.id IS NULL OR leader.status NOT IN ('queued', 'running'))
    ORDER BY follower.id LIMIT 1000`;
}

/**
 * Decides what becomes of a follower once its leader computes no more: it takes over the result, or the failure where an
 * equal job would fail in the same way; otherwise it is computed itself, or follows whoever leads by then.
 */
export async function settleFollower(change: Change, jobId: string): Promise<void> {
  const { tx } = change;
  const job = await tx.job.findUnique({ where: { id: jobId }, select: { id: true, name: true, followsId: true } });
  if (!job?.followsId) return;
  const leader = await tx.job.findUnique({ where: { id: job.followsId } });
  if (leader && (atWork as readonly string[]).includes(leader.status)) return;
  const intact =
    leader?.status === 'succeeded' && (await tx.job.count({ where: { id: leader.id, ...nothingLost } })) > 0;
  if (leader && intact) {
    const artifacts = await tx.jobArtifact.findMany({
      where: { jobId: leader.id },
      select: { name: true, sha256: true },
    });
    await tx.jobArtifact.createMany({ data: artifacts.map((artifact) => ({ ...artifact, jobId })) });
    await tx.job.update({ where: { id: jobId }, data: { reusedFromId: leader.id } });
    await endJob(change, job, {
      reason: 'reused',
      detail: `equal to ${leader.id}, which has succeeded meanwhile`,
      result: leader.result as unknown as JobResult,
    });
  } else if (leader?.status === 'failed' && verdictOf(leader.reason as Reason).inherent) {
    const detail = `equal to ${leader.id}, which failed: ${leader.detail}`;
    await endJob(change, job, { reason: leader.reason as Reason, detail });
  } else {
    await tx.job.update({ where: { id: jobId }, data: { followsId: null } });
    await queueJobs(change, [job]);
  }
}
