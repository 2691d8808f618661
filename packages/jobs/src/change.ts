import type { EventType } from '@retort/contracts';
import type { Database, Prisma, SqlRunner } from '@retort/store';
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
    readonly tx: SqlRunner,
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
    if (this.#ended > 0 && counters.open_jobs === 0) await this.#finish();
  }

  /** Ends the experiment: failed if any job failed, else cancelled if any was, else succeeded. */
  async #finish(): Promise<void> {
    const { tx, now, experimentId } = this;
    await tx.$executeRaw`
      WITH ended AS (
        UPDATE experiments SET finished_at = ${now}, event_seq = event_seq + 1
        WHERE id = ${experimentId} RETURNING event_seq),
      outcome AS (
        SELECT CASE
          WHEN bool_or(status = 'failed') THEN 'failed'
          WHEN bool_or(status = 'cancelled') THEN 'cancelled'
          ELSE 'succeeded' END AS status
        FROM jobs WHERE experiment_id = ${experimentId})
      INSERT INTO events (experiment_id, seq, type, data, created_at)
      SELECT ${experimentId}, event_seq, 'experiment.finished', jsonb_build_object('status', outcome.status), ${now}
      FROM ended, outcome`;
  }
}

/**
 * Runs `work` in one transaction that holds the experiment's lock, then writes its events; after that it settles who
 * followed the jobs that it ended.
 *
 * @param patienceMs milliseconds that a lock may be waited for; more than that is an error for which `isLockTimeout` holds
 */
export async function changeExperiment<T>(
  clocked: Clocked,
  experimentId: string,
  work: (change: Change) => Promise<T>,
  { patienceMs }: { patienceMs?: number } = {},
): Promise<T> {
  return changeLocked(clocked, work, async (tx) => {
    if (patienceMs !== undefined) await tx.$executeRaw`SELECT set_config('lock_timeout', ${String(patienceMs)}, true)`;
    await tx.$executeRaw`SELECT id FROM experiments WHERE id = ${experimentId} FOR UPDATE`;
    return experimentId;
  }) as Promise<T>;
}

/** The same for the experiment of a task; undefined where there is no such task. */
export function changeExperimentOf<T>(
  clocked: Clocked,
  taskId: string,
  work: (change: Change) => Promise<T>,
): Promise<T | undefined> {
  return changeLocked(clocked, work, async (tx) => {
    const [experiment] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM experiments
      WHERE id = (SELECT experiment_id FROM tasks JOIN jobs ON jobs.id = job_id WHERE tasks.id = ${taskId})
      FOR UPDATE`;
    return experiment?.id;
  });
}

/** @param lock locks the experiment's row, and tells which it is; undefined where there is none */
async function changeLocked<T>(
  clocked: Clocked,
  work: (change: Change) => Promise<T>,
  lock: (tx: SqlRunner) => Promise<string | undefined>,
): Promise<T | undefined> {
  const changed = await clocked.db.transaction(async (tx) => {
    const experimentId = await lock(tx);
    if (experimentId === undefined) return undefined;
    const change = new Change(tx, experimentId, clocked.now);
    const result = await work(change);
    await change.complete();
    return { result, settled: change.settled };
  });
  if (changed) await settleAfterwards(clocked, changed.settled);
  return changed?.result;
}

/** Settles whoever follows these jobs, after the change that ended them has been committed. */
export async function settleAfterwards(clocked: Clocked, jobIds: ReadonlySet<string>): Promise<void> {
  if (jobIds.size === 0) return;
  const settling = followersOf(clocked.db.sql, [...jobIds]).then((followers) => settleFollowers(clocked, followers));
  // What was asked has been done: an error here is not the caller's. The reconciler settles what is left, and reports.
  await settling.catch(() => undefined);
}

/** Settles followers, each in a transaction of its own: two experiments are never locked at once. */
async function settleFollowers(clocked: Clocked, followers: readonly Follower[]): Promise<void> {
  for (const { id, experimentId } of followers) {
    await changeExperiment(clocked, experimentId, (change) => settleFollower(change, id));
  }
}
