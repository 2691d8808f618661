import type { SqlRunner } from '@retort/store';
import type { Change } from './change.js';

/**
 * Enters deliveries of queued tasks, for the attempts that they are queued for.
 *
 * @param availableAt before which they are not sent
 */
export async function enterOutbox(
  { tx, now }: Change,
  taskIds: readonly string[],
  availableAt: Date = now,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO outbox (task_id, attempt, available_at, api_key_id, kind, engine, priority, place, expires_at)
    SELECT tasks.id, tasks.attempt, ${availableAt}::timestamptz,
      coalesce(api_key_id, ''), kind, coalesce(jobs.engine, ''), priority,
      jobs.created_at - priority * interval '1 minute',
      CASE WHEN jobs.started_at IS NULL THEN ${now}::timestamptz + queue_timeout_seconds * interval '1 second' END
    FROM tasks JOIN jobs ON jobs.id = job_id JOIN experiments ON experiments.id = experiment_id
    WHERE tasks.id = ANY(${taskIds}::text[])
    ORDER BY tasks.id`;
}

/** Lets the deliveries of a job that has started wait for as long as they have to. */
export async function stopQueueTimeout(tx: SqlRunner, jobId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE outbox SET expires_at = NULL FROM tasks
    WHERE tasks.id = task_id AND job_id = ${jobId} AND expires_at IS NOT NULL`;
}

/** Takes out what has not been claimed of jobs that are queued no more; what Redis was told of is dropped at its claim. */
export async function leaveOutbox(tx: SqlRunner, jobIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM outbox USING tasks WHERE tasks.id = task_id AND job_id = ANY(${jobIds}::text[])`;
}
