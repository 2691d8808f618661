import { openStatuses, type JobKind, type JobStatus } from '@retort/contracts';
import type { SqlRunner } from '@retort/store';
import type { Clocked } from '../change.js';

/** What the service has to do, and with what: the numbers by which workers are scaled. */
export interface ServiceLoad {
  /** Jobs that have not ended, by kind and status. */
  readonly openJobs: readonly { kind: JobKind; status: JobStatus; count: number }[];
  /** Deliveries that Redis has not been told of yet. */
  readonly unsentDeliveries: number;
  /** Seconds for which the oldest queued job has waited; 0 where none does. */
  readonly oldestQueuedSeconds: number;
  /** Workers that are heard of, by status and engine, with the tasks that they can run at once. */
  readonly workers: readonly { status: string; engine: string; count: number; slots: number }[];
}

/** Reads the load by indexes of what is open: what has ended costs nothing, however much it is. */
export async function readLoad({ db: { sql }, now }: Clocked): Promise<ServiceLoad> {
  const [openJobs, [unsent], oldest, workers] = await Promise.all([
    sql.$queryRaw<ServiceLoad['openJobs']>`
      SELECT kind, status, count(*)::int FROM jobs WHERE status = ANY(${openStatuses}::job_status[]) GROUP BY kind, status`,
    sql.$queryRaw<[{ count: number }]>`SELECT count(*)::int FROM outbox WHERE sent_at IS NULL`,
    oldestQueued(sql),
    sql.$queryRaw<ServiceLoad['workers']>`
      SELECT status, coalesce(engine ->> 'name', 'none yet') AS engine, count(*)::int, sum(concurrency)::int AS slots
      FROM workers WHERE status IN ('online', 'draining') GROUP BY 1, 2`,
  ]);
  return {
    openJobs,
    unsentDeliveries: unsent.count,
    oldestQueuedSeconds: oldest ? Math.max(0, (now.getTime() - oldest.getTime()) / 1000) : 0,
    workers,
  };
}

/** When the job was queued whose delivery was entered first: one row, however many wait. */
async function oldestQueued(sql: SqlRunner): Promise<Date | undefined> {
  const [oldest] = await sql.$queryRaw<{ queued_at: Date }[]>`
    SELECT queued_at FROM outbox JOIN tasks ON tasks.id = task_id JOIN jobs ON jobs.id = job_id
    WHERE jobs.status = 'queued' ORDER BY outbox.id LIMIT 1`;
  return oldest?.queued_at;
}
