import type { Database, SqlRunner } from '@retort/store';
import { pageOf, type Page, type PageRequest } from './page.js';
import type { WorkerView } from './views.js';

type WorkerRow = Omit<WorkerView, 'started_at' | 'heartbeat_at'> & {
  readonly started_at: Date;
  readonly heartbeat_at: Date;
};

/** A page of the workers, the latest started first, with how many tasks each holds. */
export async function listWorkers({ sql }: Database, { limit, after }: PageRequest): Promise<Page<WorkerView>> {
  const rows = await sql.$queryRaw<{ id: string }[]>`
    SELECT id FROM workers WHERE ${after ?? null}::text IS NULL OR id < ${after ?? null}
    ORDER BY id DESC LIMIT ${limit + 1}`;
  const { data, ...rest } = pageOf(rows, limit);
  return {
    data: await readWorkers(
      sql,
      data.map(({ id }) => id),
    ),
    ...rest,
  };
}

/** A worker, or undefined where there is none with this identifier. */
export async function readWorker({ sql }: Database, id: string): Promise<WorkerView | undefined> {
  const [worker] = await readWorkers(sql, [id]);
  return worker;
}

/** Those of these workers that are there, the latest started first. */
async function readWorkers(sql: SqlRunner, ids: readonly string[]): Promise<WorkerView[]> {
  const rows = await sql.$queryRaw<WorkerRow[]>`
    SELECT id, name, host, pid, version, status, engine, concurrency, concurrency_why,
      (SELECT count(*)::int FROM tasks WHERE tasks.status = 'running' AND worker_id = workers.id) AS running,
      drain_requested_at IS NOT NULL AS drain_requested, started_at, heartbeat_at
    FROM workers WHERE id = ANY(${ids}::text[]) ORDER BY id DESC`;
  return rows.map((row) => ({
    ...row,
    started_at: row.started_at.toISOString(),
    heartbeat_at: row.heartbeat_at.toISOString(),
  }));
}
