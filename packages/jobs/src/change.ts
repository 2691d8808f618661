import type { EventType } from '@retort/contracts';
import type { Database, Prisma, Queryable } from '@retort/store';
import { followersOf, settleFollower, type Follower } from './followers.js';

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
  #events: { type: EventType; jobId: string | null; data: Prisma.InputJsonObject }[] = [];
  #ended = 0;
  /** Jobs that others may follow and that compute no more, or may have ceased to: looked at once this is committed. */
  readonly settled = new Set<string>();
  /** Tasks that ran beside the one that ended their job: once this is committed, their workers are to be called. */
  readonly stopped: string[] = [];

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
    const { tx, experimentId } = this;
    const openJobs = await this.#write();
    if (this.#ended === 0 || openJobs > 0) return;
    this.#ended = 0;
    this.#events = [];
    this.emit('experiment.finished', null, { status: await outcome(tx, experimentId) });
    await tx.experiment.update({ where: { id: experimentId }, data: { finishedAt: this.now } });
    await this.#write();
  }

  /** @returns how many jobs of the experiment are open now */
  async #write(): Promise<number> {
    const { tx, now, experimentId } = this;
    const events = JSON.stringify(this.#events);
    const [counters] = await tx.$queryRaw<[{ open_jobs: number }]>`
      WITH counters AS (
        UPDATE experiments SET open_jobs = open_jobs - ${this.#ended}, event_seq = event_seq + ${this.#events.length}
        WHERE id = ${experimentId} RETURNING event_seq, open_jobs),
      written AS (
        INSERT INTO events (experiment_id, seq, job_id, type, data, created_at)
        SELECT ${experimentId}, event_seq - ${this.#events.length} + place, event ->> 'jobId', event ->> 'type', event -> 'data', ${now}
        FROM counters, jsonb_array_elements(${events}::jsonb) WITH ORDINALITY numbered(event, place))
      SELECT open_jobs FROM counters`;
    return counters.open_jobs;
  }
}

/** Runs `work` in one transaction that holds the experiment's lock, then writes its events; after that it settles who followed the jobs that it ended. */
export async function changeExperiment<T>(
  clocked: Clocked,
  experimentId: string,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  const { result, settled } = await clocked.db.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT id FROM experiments WHERE id = ${experimentId} FOR UPDATE`;
      const change = new Change(tx, experimentId, clocked.now);
      const result = await work(change);
      await change.complete();
      return { result, settled: change.settled };
    },
    { timeout: 30_000, maxWait: 30_000 },
  );
  await settleAfterwards(clocked, settled);
  return result;
}

/** Settles whoever follows these jobs, after the change that ended them has been committed. */
export async function settleAfterwards(clocked: Clocked, jobIds: ReadonlySet<string>): Promise<void> {
  if (jobIds.size === 0) return;
  const settling = followersOf(clocked.db, [...jobIds]).then((followers) => settleFollowers(clocked, followers));
  // What was asked has been done: an error here is not the caller's. The reconciler settles what is left, and reports.
  await settling.catch(() => undefined);
}

/** Settles followers, each in a transaction of its own: two experiments are never locked at once. */
export async function settleFollowers(clocked: Clocked, followers: readonly Follower[]): Promise<void> {
  for (const { id, experimentId } of followers) {
    await changeExperiment(clocked, experimentId, (change) => settleFollower(change, id));
  }
}

/** The status in which an experiment ends: failed if any job failed, else cancelled if any was, else succeeded. */
async function outcome(tx: Queryable, experimentId: string): Promise<string> {
  const statuses = await tx.job.groupBy({ by: ['status'], where: { experimentId } });
  const seen = new Set(statuses.map(({ status }) => status));
  return seen.has('failed') ? 'failed' : seen.has('cancelled') ? 'cancelled' : 'succeeded';
}
