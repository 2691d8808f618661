import { openStatuses, type JobKind, type JobStatus } from '@retort/contracts';
import type { Database } from '@retort/store';
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
export async function readLoad({ db, now }: Clocked): Promise<ServiceLoad> {
  const [jobs, unsentDeliveries, oldest, workers] = await Promise.all([
    db.job.groupBy({ by: ['kind', 'status'], where: { status: { in: [...openStatuses] } }, _count: true }),
    db.outbox.count({ where: { sentAt: null } }),
    oldestQueued(db),
    db.worker.findMany({
      where: { status: { not: 'offline' } },
      select: { status: true, engine: true, concurrency: true },
    }),
  ]);
  const teams = new Map<string, ServiceLoad['workers'][number]>();
  for (const { status, engine, concurrency } of workers) {
    const name = (engine as { name?: string } | null)?.name ?? 'none yet';
    const team = teams.get(`${status} ${name}`) ?? { status, engine: name, count: 0, slots: 0 };
    teams.set(`${status} ${name}`, { ...team, count: team.count + 1, slots: team.slots + concurrency });
  }
  return {
    openJobs: jobs.map(({ kind, status, _count }) => ({ kind, status, count: _count })),
    unsentDeliveries,
    oldestQueuedSeconds: oldest ? Math.max(0, (now.getTime() - oldest.getTime()) / 1000) : 0,
    workers: [...teams.values()],
  };
}

/** When the job was queued whose delivery was entered first: one row, however many wait. */
async function oldestQueued(db: Database): Promise<Date | undefined> {
  const [oldest] = await db.sql.$queryRaw<{ queued_at: Date }[]>`
    SELECT queued_at FROM outbox JOIN tasks ON tasks.id = task_id JOIN jobs ON jobs.id = job_id
    WHERE jobs.status = 'queued' ORDER BY outbox.id LIMIT 1`;
  return oldest?.queued_at;
}
