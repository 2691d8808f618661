import type { ChildProcess } from 'node:child_process';
import type { Client } from './retort.js';

/** What the tests read of a worker. */
export interface WorkerSeen {
  id: string;
  pid: number;
  name: string;
  status: 'online' | 'draining' | 'offline';
  running: number;
  drain_requested: boolean;
}

export async function workersOf(retort: Client): Promise<WorkerSeen[]> {
  return (await retort.get<{ data: WorkerSeen[] }>('/v1/workers?limit=100')).data;
}

/** A worker as the API tells of it. */
export async function workerOf(retort: Client, { pid }: ChildProcess): Promise<WorkerSeen> {
  const worker = (await workersOf(retort)).find((candidate) => candidate.pid === pid);
  if (!worker) throw new Error(`there is no worker with the process ${pid}`);
  return worker;
}

/** Asks for a worker's drain by API. */
export async function drain(retort: Client, worker: ChildProcess): Promise<void> {
  const { id } = await workerOf(retort, worker);
  const { status, body } = await retort.post(`/v1/workers/${id}/drain`);
  if (status !== 202) throw new Error(JSON.stringify(body));
}
