import type { Change } from './change.js';

/**
 * Enters deliveries of queued tasks, for the attempts that they are queued for, in the place of whichever goes first of
 * their job and those that follow it.
 *
 * @param availableAt before which they are not sent
 */
export function enterOutbox({ tx, now }: Change, taskIds: readonly string[], availableAt: Date = now): void {
  tx.$send`
    INSERT INTO outbox (task_id, attempt, available_at, api_key_id, kind, engine, priority, place, expires_at)
    SELECT tasks.id, tasks.attempt, ${availableAt}::timestamptz,
      coalesce(api_key_id, ''), kind, coalesce(jobs.engine, ''), first.priority, first.place,
      CASE WHEN jobs.started_at IS NULL THEN ${now}::timestamptz + queue_timeout_seconds * interval '1 second' END
    FROM tasks JOIN jobs ON jobs.id = job_id JOIN experiments ON experiments.id = experiment_id CROSS JOIN LATERAL (
      SELECT wanted.priority, wanted.created_at - wanted.priority * interval '1 minute' AS place
      FROM (
        SELECT jobs.priority, jobs.created_at
        UNION ALL
        SELECT follower.priority, follower.created_at FROM jobs follower WHERE follower.follows_id = jobs.id) wanted
      ORDER BY place LIMIT 1) first
    WHERE tasks.id = ANY(${taskIds}::text[])
    ORDER BY tasks.id`;
}

/**
 * Lets the deliveries of the jobs that these follow go as early as these would.
 *
 * The deliveries are another experiment's, whose lock is not held: one that somebody has locked is on its way already.
 */
export function bringForward({ tx }: Change, followerIds: readonly string[]): void {
  tx.$send`
    UPDATE outbox SET priority = earlier.priority, place = earlier.place
    FROM (
      SELECT outbox.id, follower.priority, follower.place
      FROM (
        SELECT DISTINCT ON (follows_id) follows_id, priority, created_at - priority * interval '1 minute' AS place
        FROM jobs WHERE id = ANY(${followerIds}::text[]) ORDER BY follows_id, place
      ) follower JOIN tasks ON tasks.job_id = follows_id JOIN outbox ON outbox.task_id = tasks.id
      WHERE outbox.place > follower.place
      FOR UPDATE OF outbox SKIP LOCKED
    ) earlier
    WHERE outbox.id = earlier.id`;
}

/** Takes out what has not been claimed of jobs that are queued no more; what Redis was told of is dropped at its claim. */
export function leaveOutbox({ tx }: Change, jobIds: readonly string[]): void {
  tx.$send`
    DELETE FROM outbox USING tasks WHERE tasks.id = task_id AND job_id = ANY(${jobIds}::text[])`;
}
