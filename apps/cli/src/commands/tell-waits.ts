import { setTimeout } from 'node:timers/promises';
import type { RetortClient } from '@retort/client';

/** Milliseconds between two looks at a job that waits. */
const PAUSE = 5000;

/**
 * Tells, until it is aborted, what the queued jobs of an experiment wait for where that is no mere turn: a worker, an
 * engine, a limit. The same is told once.
 */
export async function tellWaits(
  client: RetortClient,
  experimentId: string,
  { tell, signal }: { tell: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  const query = { experiment_id: experimentId, status: 'queued' as const, limit: 1 };
  let told: string | undefined;
  while (await elapsed(PAUSE, signal)) {
    // A service that cannot be reached is told of by what follows its events.
    const { data } = await client.GET('/v1/jobs', { params: { query } }).catch(() => ({ data: undefined }));
    const job = data?.data[0];
    const wait = job?.waiting_for;
    if (!job || !wait || !['worker', 'engine', 'limit'].includes(wait.what) || wait.detail === told) continue;
    told = wait.detail;
    tell(`${job.name} waits: ${wait.detail}`);
  }
}

/** Whether the time has passed without the signal. */
async function elapsed(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return setTimeout(milliseconds, true, { signal, ref: false }).catch(() => false);
}
