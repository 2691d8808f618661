import { setTimeout } from 'node:timers/promises';
import { isTerminal, type JobStatus, type RetortEvent } from '@retort/contracts';
import type { Database } from '@retort/store';

/** Whose events are read: all of an experiment, or those of one job in it. */
export interface EventSource {
  readonly experimentId: string;
  readonly jobId?: string;
}

/** Events read in one query while following. */
const BATCH = 500;

/**
 * The events after a number, in order.
 *
 * Numbers are given and committed under the experiment's lock, so that an event with a lower number never appears later.
 *
 * @param after the number of the last event that is known already; 0 for none
 */
export async function readEvents(
  { sql }: Database,
  { experimentId, jobId }: EventSource,
  { after, limit }: { after: number; limit: number },
): Promise<RetortEvent[]> {
  const rows = await sql.$queryRaw<(Omit<RetortEvent, 'created_at'> & { created_at: Date })[]>`
    SELECT seq AS id, type, experiment_id, job_id, created_at, data FROM events
    WHERE experiment_id = ${experimentId} AND seq > ${after} AND (${jobId ?? null}::text IS NULL OR job_id = ${jobId ?? null})
    ORDER BY seq LIMIT ${limit}`;
  return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
}

/** Whether nothing more can happen to the experiment, or to the job; nothing can to one that was deleted. */
export async function hasEnded({ sql }: Database, { experimentId, jobId }: EventSource): Promise<boolean> {
  if (jobId !== undefined) {
    const [job] = await sql.$queryRaw<{ status: JobStatus }[]>`SELECT status FROM jobs WHERE id = ${jobId}`;
    return !job || isTerminal(job.status);
  }
  const [experiment] = await sql.$queryRaw<{ finished: boolean }[]>`
    SELECT finished_at IS NOT NULL AS finished FROM experiments WHERE id = ${experimentId}`;
  return experiment?.finished ?? true;
}

/**
 * The events after a number, and then those that happen, each once, until the last one or until `signal` aborts.
 *
 * @param pollMs milliseconds between two looks at the database
 */
export async function* followEvents(
  db: Database,
  source: EventSource,
  { after, signal, pollMs = 200 }: { after: number; signal: AbortSignal; pollMs?: number },
): AsyncGenerator<RetortEvent, void, undefined> {
  let last = after;
  while (!signal.aborted) {
    // Asked before the events are read: what has ended by then has written its last event by then.
    const ended = await hasEnded(db, source);
    const events = await readEvents(db, source, { after: last, limit: BATCH });
    for (const event of events) {
      if (signal.aborted) return;
      yield event;
      last = event.id;
    }
    if (events.length === BATCH) continue;
    if (ended) return;
    await pause(pollMs, signal);
  }
}

/** Waits, or returns as soon as the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
