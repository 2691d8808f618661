import type { EngineDescription } from '@retort/contracts';
import type { Clocked } from './change.js';
import { newId } from './id.js';

export interface WorkerIdentity {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  /** Tasks at once. */
  readonly concurrency: number;
  /** What decided that number, in a sentence. */
  readonly concurrencyWhy?: string;
}

/** Enters a worker that has just started. */
export async function registerWorker({ db, now }: Clocked, identity: WorkerIdentity): Promise<string> {
  const id = newId('wrk');
  const { name, host, pid, version, concurrency, concurrencyWhy = null } = identity;
  await db.sql.$executeRaw`
    INSERT INTO workers (id, name, host, pid, version, status, concurrency, concurrency_why, started_at, heartbeat_at)
    VALUES (${id}, ${name}, ${host}, ${pid}, ${version}, 'online', ${concurrency}, ${concurrencyWhy}, ${now}, ${now})`;
  return id;
}

export interface WorkerState {
  readonly status: 'online' | 'draining' | 'offline';
  readonly engine?: EngineDescription;
}

/** Says that a worker is alive, in which state, and what it computes with; reads in the same query whether it is to drain. */
export async function reportWorker(
  { db, now }: Clocked,
  id: string,
  { status, engine }: WorkerState,
): Promise<{ drainRequested: boolean }> {
  const [worker] = await db.sql.$queryRaw<{ drain_requested_at: Date | null }[]>`
    UPDATE workers SET status = ${status}::worker_status, heartbeat_at = ${now},
      engine = coalesce(${engine ? JSON.stringify(engine) : null}::jsonb, engine)
    WHERE id = ${id} RETURNING drain_requested_at`;
  if (!worker) throw new Error(`the worker ${id} is not entered in the database any more`);
  return { drainRequested: worker.drain_requested_at !== null };
}

/**
 * Asks a worker to take no new task, hand back those that run, and end.
 *
 * @returns `offline` where it has ended, or is not heard of; undefined where there is no such worker
 */
export async function requestDrain({ db, now }: Clocked, id: string): Promise<'asked' | 'offline' | undefined> {
  const alive = { id, status: { not: 'offline' as const } };
  await db.worker.updateMany({ where: { ...alive, drainRequestedAt: null }, data: { drainRequestedAt: now } });
  if ((await db.worker.count({ where: alive })) > 0) return 'asked';
  return (await db.worker.count({ where: { id } })) > 0 ? 'offline' : undefined;
}
