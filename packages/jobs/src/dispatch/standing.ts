import type { JobKind } from '@retort/contracts';
import type { SqlRunner } from '@retort/store';

/** Seconds without a heartbeat after which nothing more is sent to a worker. */
const WORKER_SILENT_SECONDS = 30;

/** Tasks of one API key, of one kind and on one engine. */
export interface Load {
  /** Where they are; null where their worker takes no more tasks. */
  readonly engine: string | null;
  /** Empty for a service without keys. */
  readonly apiKeyId: string;
  readonly kind: JobKind;
  readonly tasks: number;
}

/** What the workers hold at a moment. */
export interface Standing {
  /** Tasks at once of the live workers, by the name of their engine. */
  readonly slots: ReadonlyMap<string, number>;
  readonly running: readonly Load[];
  /** Deliveries that Redis was told of and that no worker has claimed. */
  readonly sent: readonly Load[];
}

interface Row {
  what: 'slots' | 'running' | 'sent';
  engine: string | null;
  api_key_id: string;
  kind: JobKind;
  count: number;
}

/** Reads what the workers can hold and do hold, in a time that grows with it and not with what waits or has ended. */
export async function readStanding(sql: SqlRunner, now: Date): Promise<Standing> {
  const heard = new Date(now.getTime() - WORKER_SILENT_SECONDS * 1000);
  const rows = await sql.$queryRaw<Row[]>`
    WITH live AS (
      SELECT id, engine->>'name' AS engine, concurrency FROM workers
      WHERE status = 'online' AND heartbeat_at >= ${heard} AND engine IS NOT NULL)
    SELECT 'slots' AS what, engine, '' AS api_key_id, NULL AS kind, sum(concurrency)::int AS count
    FROM live GROUP BY engine
    UNION ALL
    SELECT 'running', live.engine, coalesce(api_key_id, ''), kind::text, count(*)::int
    FROM tasks JOIN jobs ON jobs.id = job_id JOIN experiments ON experiments.id = experiment_id
      LEFT JOIN live ON live.id = worker_id
    WHERE tasks.status = 'running' GROUP BY live.engine, api_key_id, kind
    UNION ALL
    SELECT 'sent', sent_to, api_key_id, kind::text, count(*)::int
    FROM outbox WHERE sent_at IS NOT NULL GROUP BY sent_to, api_key_id, kind`;
  const loads = (wanted: Row['what']): Load[] =>
    rows
      .filter(({ what }) => what === wanted)
      .map(({ engine, api_key_id, kind, count }) => ({ engine, apiKeyId: api_key_id, kind, tasks: count }));
  const slots = rows.filter(({ what }) => what === 'slots').map(({ engine, count }) => [engine!, count] as const);
  return { slots: new Map(slots), running: loads('running'), sent: loads('sent') };
}

/** How many tasks there are of each key, kind or engine, running or on their way. */
export function countBy<K>(loads: readonly Load[], keyOf: (load: Load) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const load of loads) counts.set(keyOf(load), (counts.get(keyOf(load)) ?? 0) + load.tasks);
  return counts;
}
