import { setTimeout } from 'node:timers/promises';
import { isTerminal, type EventType, type RetortEvent } from '@retort/contracts';
import type { Database, Queryable } from '@retort/store';

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
  db: Queryable,
  { experimentId, jobId }: EventSource,
  { after, limit }: { after: number; limit: number },
): Promise<RetortEvent[]> {
  const rows = await db.event.findMany({
    where: { experimentId, seq: { gt: after }, ...(jobId !== undefined && { jobId }) },
    orderBy: { seq: 'asc' },
    take: limit,
  });
  return rows.map((row) => ({
    id: row.seq,
    type: row.type as EventType,
    experiment_id: row.experimentId,
    job_id: row.jobId,
    created_at: row.createdAt.toISOString(),
    data: row.data as Record<string, unknown>,
  }));
}

/** Whether nothing more can happen to the experiment, or to the job; nothing can to one that was deleted. */
export async function hasEnded(db: Queryable, { experimentId, jobId }: EventSource): Promise<boolean> {
  if (jobId !== undefined) {
    const job = await db.job.findUnique({ where: { id: jobId }, select: { status: true } });
    return !job || isTerminal(job.status);
  }
  const experiment = await db.experiment.findUnique({ where: { id: experimentId }, select: { finishedAt: true } });
  return !experiment || experiment.finishedAt !== null;
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
