import type { Change } from './change.js';
import { bringForward } from './outbox.js';
import type { JobRef } from './settle.js';

/**
 * Of equal jobs one leads: it is computed, and the others follow it to take its result over.
 *
 * A row for each fingerprint names its leader. The rows are locked in one order, so that transactions that queue equal
 * jobs at the same time wait for one another in it. A leader that does not compute any more, and left no result that is
 * still there, is replaced; so is one that waits for an engine which the other does not need. A job that may reuse
 * nothing is computed whoever leads; others may follow it.
 *
 * @returns the jobs that are to be computed, in the order of the plan
 */
export async function chooseLeaders(change: Change, jobs: readonly JobRef[]): Promise<JobRef[]> {
  if (jobs.length === 0) return [];
  const { tx } = change;
  const ids = jobs.map(({ id }) => id);
  // An update that changes nothing: it locks the rows that are there already and returns them.
  const rows = await tx.$queryRaw<{ job_id: string }[]>`
    INSERT INTO computations (fingerprint, job_id)
    SELECT DISTINCT ON (fingerprint) fingerprint, id FROM jobs WHERE id = ANY(${ids}) ORDER BY fingerprint, ordinal
    ON CONFLICT (fingerprint) DO UPDATE SET fingerprint = excluded.fingerprint
    RETURNING job_id`;
  const asked = new Set(ids);
  if (rows.length === jobs.length && rows.every(({ job_id: leader }) => asked.has(leader))) return [...jobs];

  // Statements of their own, since the one that waited for the locks sees the jobs as they were before.
  tx.$send`
    UPDATE computations SET job_id = candidate.id
    FROM (
      SELECT DISTINCT ON (fingerprint) fingerprint, id, engine FROM jobs WHERE id = ANY(${ids})
      ORDER BY fingerprint, ordinal
    ) candidate, jobs leader
    WHERE computations.fingerprint = candidate.fingerprint AND leader.id = computations.job_id AND NOT (
      leader.status = 'running'
      OR leader.status = 'queued' AND (leader.engine IS NULL OR leader.engine IS NOT DISTINCT FROM candidate.engine)
      OR EXISTS (SELECT FROM intact_jobs WHERE intact_jobs.id = leader.id))`;
  const led = await tx.$queryRaw<(JobRef & { leader: string; reuse: boolean })[]>`
    SELECT id, name, reuse, job_id AS leader FROM jobs JOIN computations USING (fingerprint)
    WHERE id = ANY(${ids}) ORDER BY ordinal`;
  const isFollower = ({ id, leader, reuse }: (typeof led)[number]) => reuse && leader !== id;
  follow(change, led.filter(isFollower));
  return led.filter((job) => !isFollower(job)).map(({ id, name }) => ({ id, name }));
}

function follow(change: Change, jobs: readonly (JobRef & { leader: string })[]): void {
  if (jobs.length === 0) return;
  const { tx } = change;
  const ids = jobs.map(({ id }) => id);
  tx.$send`
    WITH following AS (
      UPDATE jobs SET status = 'blocked', queued_at = NULL, follows_id = followed.leader
      FROM unnest(${ids}::text[], ${jobs.map(({ leader }) => leader)}::text[]) AS followed (id, leader)
      WHERE jobs.id = followed.id)
    UPDATE tasks SET status = 'blocked', attempt = 0 WHERE job_id = ANY(${ids}::text[])`;
  bringForward(change, ids);
  for (const { id, name, leader } of jobs) {
    // It may have ended since: whoever commits last sees both.
    change.settled.add(leader);
    change.emit('job.following', id, { name, leader });
  }
}
