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
  await db.worker.create({ data: { id, ...identity, status: 'online', startedAt: now, heartbeatAt: now } });
  return id;
}

/** Says that a worker is alive, in which state, and what it computes with. */
export async function reportWorker(
  { db, now }: Clocked,
  id: string,
  state: { status: 'online' | 'draining' | 'offline'; engine?: EngineDescription },
): Promise<void> {
  await db.worker.update({
    where: { id },
    data: {
      status: state.status,
      heartbeatAt: now,
      ...(state.engine && { engine: state.engine }),
    },
  });
}
