import type { Prisma, Queryable } from '@retort/store';
import { pageOf, type Page, type PageRequest } from './page.js';
import type { WorkerView } from './views.js';

type WorkerRow = Prisma.WorkerGetPayload<object>;

/** A page of the workers, the latest started first, with how many tasks each holds. */
export async function listWorkers(db: Queryable, { limit, after }: PageRequest): Promise<Page<WorkerView>> {
  const rows = await db.worker.findMany({
    where: after === undefined ? {} : { id: { lt: after } },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  return pageOf(await viewsOf(db, rows), limit);
}

/** A worker, or undefined where there is none with this identifier. */
export async function readWorker(db: Queryable, id: string): Promise<WorkerView | undefined> {
  const row = await db.worker.findUnique({ where: { id } });
  return row ? (await viewsOf(db, [row]))[0] : undefined;
}

async function viewsOf(db: Queryable, rows: readonly WorkerRow[]): Promise<WorkerView[]> {
  const held = await db.task.groupBy({
    by: ['workerId'],
    where: { status: 'running', workerId: { in: rows.map(({ id }) => id) } },
    _count: true,
  });
  const running = new Map(held.map(({ workerId, _count }) => [workerId, _count]));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    host: row.host,
    pid: row.pid,
    version: row.version,
    status: row.status,
    engine: row.engine as WorkerView['engine'],
    concurrency: row.concurrency,
    concurrency_why: row.concurrencyWhy,
    running: running.get(row.id) ?? 0,
    drain_requested: row.drainRequestedAt !== null,
    started_at: row.startedAt.toISOString(),
    heartbeat_at: row.heartbeatAt.toISOString(),
  }));
}
