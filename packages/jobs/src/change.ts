import type { EventType } from '@retort/contracts';
import type { Database, Prisma, Queryable } from '@retort/store';

/** What every function of this package takes: the database, and the time, so that tests own the clock. */
export interface Clocked {
  readonly db: Database;
  readonly now: Date;
}

/**
 * One transaction over an experiment, holding the lock of its row.
 *
 * Every change of a job's state goes through here. The lock puts the changes of one experiment, and so its events, in
 * one order: children are unblocked once, cancel and finish never both win, and event numbers have neither gaps nor repeats.
 */
export class Change {
  readonly #events: { type: EventType; jobId: string | null; data: Prisma.InputJsonObject }[] = [];
  #ended = 0;

  constructor(
    readonly tx: Queryable,
    readonly experimentId: string,
    readonly now: Date,
  ) {}

  /** Adds an event, numbered and written when the transaction commits. */
  emit(type: EventType, jobId: string | null, data: Prisma.InputJsonObject = {}): void {
    this.#events.push({ type, jobId, data });
  }

  /** Counts a job that has reached a terminal status in this change. */
  countEnded(): void {
    this.#ended++;
  }

  /** Writes the events and the counters, and ends the experiment with its last job. */
  async complete(): Promise<void> {
    if (this.#events.length === 0 && this.#ended === 0) return;
    const { tx, now, experimentId } = this;
    const counters = await tx.experiment.update({
      where: { id: experimentId },
      data: { openJobs: { decrement: this.#ended } },
      select: { openJobs: true, eventSeq: true },
    });
    const finished = this.#ended > 0 && counters.openJobs === 0;
    if (finished) this.emit('experiment.finished', null, { status: await outcome(tx, experimentId) });
    await tx.event.createMany({
      data: this.#events.map((event, index) => ({
        ...event,
        experimentId,
        seq: counters.eventSeq + 1 + index,
        createdAt: now,
      })),
    });
    await tx.experiment.update({
      where: { id: experimentId },
      data: { eventSeq: { increment: this.#events.length }, ...(finished && { finishedAt: now }) },
    });
  }
}

/** Runs `work` in one transaction that holds the experiment's lock, then writes its events. */
export async function changeExperiment<T>(
  { db, now }: Clocked,
  experimentId: string,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  return db.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT id FROM experiments WHERE id = ${experimentId} FOR UPDATE`;
      const change = new Change(tx, experimentId, now);
      const result = await work(change);
      await change.complete();
      return result;
    },
    { timeout: 30_000, maxWait: 30_000 },
  );
}

/** The status in which an experiment ends: failed if any job failed, else cancelled if any was, else succeeded. */
async function outcome(tx: Queryable, experimentId: string): Promise<string> {
  const statuses = await tx.job.groupBy({ by: ['status'], where: { experimentId } });
  const seen = new Set(statuses.map(({ status }) => status));
  return seen.has('failed') ? 'failed' : seen.has('cancelled') ? 'cancelled' : 'succeeded';
}
