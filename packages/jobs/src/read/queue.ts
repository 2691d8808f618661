import { jobKinds, openStatuses, type JobKind, type JobStatus, type WantedEngine } from '@retort/contracts';
import { countBy, readStanding, type Load } from '../dispatch/standing.js';
import type { OpenJobCounts, QueueView } from './views.js';
import type { JobReading } from './waiting.js';

/** Groups of waiting tasks that are named one by one, the largest first. */
const GROUPS = 1000;

/** What waits and what it waits for, by Postgres: jobs by status, deliveries by what decides their order, slots and limits. */
export async function readBacklog({ db, now, kindLimits }: JobReading): Promise<QueueView> {
  const statuses = await db.sql.$queryRaw<{ status: JobStatus; count: number }[]>`
    SELECT status, count(*)::int FROM jobs WHERE status = ANY(${openStatuses}::job_status[]) GROUP BY status`;
  const counted = new Map(statuses.map(({ status, count }) => [status, count]));
  const groups = await db.sql.$queryRaw<
    {
      api_key_id: string;
      kind: JobKind;
      engine: WantedEngine | '';
      priority: number;
      tasks: number;
      unsent: number;
      oldest: Date;
    }[]
  >`
    SELECT api_key_id, kind::text, engine, priority, count(*)::int AS tasks,
      count(*) FILTER (WHERE sent_at IS NULL)::int AS unsent,
      min(place + priority * interval '1 minute') AS oldest
    FROM outbox GROUP BY api_key_id, kind, engine, priority ORDER BY tasks DESC LIMIT ${GROUPS}`;
  const { slots, running, sent } = await readStanding(db.sql, now);
  const count = <K>(loads: readonly Load[], key: K, keyOf: (load: Load) => K) => countBy(loads, keyOf).get(key) ?? 0;
  return {
    counted_at: now.toISOString(),
    jobs: Object.fromEntries(openStatuses.map((status) => [status, counted.get(status) ?? 0])) as OpenJobCounts,
    unsent: groups.reduce((total, { unsent }) => total + unsent, 0),
    waiting: groups.map(({ api_key_id, kind, engine, priority, tasks, oldest }) => ({
      api_key_id: api_key_id || null,
      kind,
      engine: engine || null,
      priority,
      tasks,
      oldest_seconds: Math.max(0, Math.round((now.getTime() - oldest.getTime()) / 1000)),
    })),
    slots: [...slots].map(([engine, total]) => ({
      engine,
      slots: total,
      running: count(running, engine, (load) => load.engine),
      sent: count(sent, engine, (load) => load.engine),
    })),
    limits: jobKinds.flatMap((kind) => {
      const allowed = kindLimits.get(kind);
      return allowed === undefined ? [] : [{ kind, allowed, running: count(running, kind, (load) => load.kind) }];
    }),
  };
}
