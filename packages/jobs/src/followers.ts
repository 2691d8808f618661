import { verdictOf, type JobResult, type JobStatus, type Reason } from '@retort/contracts';
import type { SqlRunner } from '@retort/store';
import type { Change } from './change.js';
import { endJob, queueJobs, type JobRef } from './settle.js';

/** A job that follows another, and its experiment. */
export interface Follower {
  readonly id: string;
  readonly experimentId: string;
}

/** Who follows one of these jobs though it computes no more, the oldest first. */
export async function followersOf(sql: SqlRunner, leaderIds: readonly string[]): Promise<Follower[]> {
  return sql.$queryRaw<Follower[]>`
    SELECT follower.id, experiment_id AS "experimentId"
    FROM (SELECT id, experiment_id, follows_id FROM jobs WHERE follows_id = ANY(${leaderIds}::text[])) follower
    CROSS JOIN LATERAL (SELECT status FROM jobs WHERE jobs.id = follower.follows_id LIMIT 1) leader
    WHERE leader.status NOT IN ('queued', 'running')
    ORDER BY follower.id`;
}

/** Who follows any job that computes no more, or is not there: a crash came between its end and theirs. */
export async function strandedFollowers(db: SqlRunner): Promise<Follower[]> {
  return db.$queryRaw<Follower[]>`
    SELECT follower.id, follower.experiment_id AS "experimentId"
    FROM jobs follower LEFT JOIN jobs leader ON leader.id = follower.follows_id
    WHERE follower.follows_id IS NOT NULL AND (leader.id IS NULL OR leader.status NOT IN ('queued', 'running'))
    ORDER BY follower.follows_id LIMIT 1000`;
}

/**
 * Decides what becomes of a follower once its leader computes no more: it takes over the result, or the failure where an
 * equal job would fail in the same way; otherwise it is computed itself, or follows whoever leads by then.
 */
export async function settleFollower(change: Change, jobId: string): Promise<void> {
  const { tx } = change;
  const [followed] = await tx.$queryRaw<{ job: JobRef; leader: Leader | null }[]>`
    SELECT json_build_object('id', job.id, 'name', job.name) AS job,
      CASE WHEN leader.id IS NOT NULL THEN json_build_object(
        'id', leader.id, 'status', leader.status, 'reason', leader.reason, 'detail', leader.detail, 'result', leader.result,
        'intact', EXISTS (SELECT FROM intact_jobs WHERE intact_jobs.id = leader.id)
      ) END AS leader
    FROM jobs job LEFT JOIN jobs leader ON leader.id = job.follows_id
    WHERE job.id = ${jobId} AND job.follows_id IS NOT NULL`;
  if (!followed) return;
  const { job, leader } = followed;
  if (leader?.status === 'queued' || leader?.status === 'running') return;
  if (leader?.intact) {
    tx.$send`
      WITH taken AS (
        INSERT INTO job_artifacts (job_id, name, sha256)
        SELECT ${jobId}, name, sha256 FROM job_artifacts WHERE job_id = ${leader.id})
      UPDATE jobs SET reused_from_id = ${leader.id} WHERE id = ${jobId}`;
    const detail = `equal to ${leader.id}, which has succeeded meanwhile`;
    await endJob(change, job, { reason: 'reused', detail, result: leader.result! });
  } else if (leader?.status === 'failed' && verdictOf(leader.reason!).inherent) {
    const detail = `equal to ${leader.id}, which failed: ${leader.detail}`;
    await endJob(change, job, { reason: leader.reason!, detail });
  } else {
    tx.$send`UPDATE jobs SET follows_id = NULL WHERE id = ${jobId}`;
    await queueJobs(change, [job]);
  }
}

/** The job that another follows, as far as that decides what becomes of the other. */
interface Leader {
  readonly id: string;
  readonly status: JobStatus;
  readonly reason: Reason | null;
  readonly detail: string | null;
  readonly result: JobResult | null;
  /** Whether it has succeeded and its artifacts are all there, as far as is known. */
  readonly intact: boolean;
}
