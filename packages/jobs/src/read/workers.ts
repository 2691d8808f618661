import type { Queryable } from '@retort/store';
import { pageOf, type Page, type PageRequest } from './page.js';
import type { WorkerView } from './views.js';

/** A page of the workers, the latest started first, with how many tasks each holds. */
export async function listWorkers(db: Queryable, { limit, after }: PageRequest): Promise<Page<WorkerView>> {
  const rows = await db.worker.findMany({
    where: after === undefined ? {} : { id: { lt: after } },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const held = await db.task.groupBy({
    by: ['workerId'],
    where: { status: 'running', workerId: { in: rows.map(({ id }) => id) } },
    _count: true,
  });
  const running = new Map(held.map(({ workerId, _count }) => [workerId, _count]));
  const views = rows.map((row): WorkerView => ({
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
    started_at: row.startedAt.toISOString(),
    heartbeat_at: row.heartbeatAt.toISOString(),
  }));
  return pageOf(views, limit);
}
