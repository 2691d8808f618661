import type { EventType } from '@retort/contracts';
import type { Database, Prisma, SqlTransaction } from '@retort/store';
import { followersOf, settleFollower, type Follower } from './followers.js';

/** What every function of this package takes: the database, and the time, so that tests own the clock. */
export interface Clocked {
  readonly db: Database;
  readonly now: Date;
}

/**
 * One transaction over an experiment, holding the lock of its row.
 *
 * Every change of a job's state goes through here, but for a claim, which is one statement behind the same lock. The lock
 * puts the changes of one experiment, and so its events, in one order: children are unblocked once, cancel and finish
 * never both win, and event numbers have neither gaps nor repeats.
 */
export class Change {
  #events: { type: EventType; jobId: string | null; data: Prisma.InputJsonObject }[] = [];
  #ended = 0;
  /** Jobs that others may follow and that compute no more, or may have ceased to: looked at once this is committed. */
  readonly settled = new Set<string>();
  /** Tasks that ran beside the one that ended their job: once this is committed, their workers are to be called. */
  readonly stopped: string[] = [];

  constructor(
    readonly tx: SqlTransaction,
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

  /**
   * Writes the events and the counters, and ends the experiment with its last job: as failed if any job failed, else as
   * cancelled if any was, else as succeeded.
   */
  complete(): void {
    if (this.#events.length === 0 && this.#ended === 0) return;
    const { tx, now, experimentId } = this;
    const events = JSON.stringify(this.#events);
    const [emitted, ended] = [this.#events.length, this.#ended];
    tx.$send`
      WITH counters AS (
        UPDATE experiments SET
          open_jobs = open_jobs - ${ended}::int,
          event_seq = event_seq + ${emitted}::int + (${ended}::int > 0 AND open_jobs = ${ended}::int)::int,
          finished_at = CASE WHEN ${ended}::int > 0 AND open_jobs = ${ended}::int THEN ${now}::timestamptz ELSE finished_at END
        WHERE id = ${experimentId}
        RETURNING event_seq AS last, ${ended}::int > 0 AND open_jobs = 0 AS finished)
      INSERT INTO events (experiment_id, seq, job_id, type, data, created_at)
      SELECT ${experimentId}, last - finished::int - ${emitted}::int + place,
        event ->> 'jobId', event ->> 'type', event -> 'data', ${now}::timestamptz
      FROM counters, jsonb_array_elements(${events}::jsonb) WITH ORDINALITY numbered (event, place)
      UNION ALL
      SELECT ${experimentId}, last, NULL, 'experiment.finished', jsonb_build_object('status', outcome), ${now}::timestamptz
      FROM counters CROSS JOIN LATERAL (
        SELECT CASE
          WHEN bool_or(status = 'failed') THEN 'failed'
          WHEN bool_or(status = 'cancelled') THEN 'cancelled'
          ELSE 'succeeded' END AS outcome
        FROM jobs WHERE experiment_id = ${experimentId}) of_jobs
      WHERE finished`;
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
  const { result, followers } = await clocked.db.transaction(async (tx) => {
    if (patienceMs !== undefined) tx.$send`SELECT set_config('lock_timeout', ${String(patienceMs)}, true)`;
    // What is asked next has its round trip, and is run once the lock is had: it sees what the one before has committed.
    tx.$send`SELECT id FROM experiments WHERE id = ${experimentId} FOR UPDATE`;
    const change = new Change(tx, experimentId, clocked.now);
    const result = await work(change);
    return { result, followers: await commit(change) };
  });
  await settleFollowers(clocked, followers);
  return result;
}

/** Locks the experiment of a task; a statement that is sent behind it sees what was committed before the lock was had. */
export function lockExperimentOf(tx: SqlTransaction, taskId: string): void {
  tx.$send`
    SELECT id FROM experiments
    WHERE id = (SELECT experiment_id FROM tasks JOIN jobs ON jobs.id = job_id WHERE tasks.id = ${taskId})
    FOR UPDATE`;
}

/** Completes a change and commits it, and asks who follows the jobs that it ended: only what is committed tells for sure. */
export async function commit(change: Change): Promise<Follower[]> {
  const { tx, settled } = change;
  change.complete();
  tx.$commit();
  if (settled.size === 0) return [];
  // What was asked has been done: an error here is not the caller's. The reconciler settles what is left, and reports.
  return followersOf(tx, [...settled]).catch(() => []);
}

/** Settles followers, each in a transaction of its own: two experiments are never locked at once. */
export async function settleFollowers(clocked: Clocked, followers: readonly Follower[]): Promise<void> {
  const settle = async () => {
    for (const { id, experimentId } of followers) {
      await changeExperiment(clocked, experimentId, (change) => settleFollower(change, id));
    }
  };
  // Nor is an error here the caller's: the reconciler settles whoever is left.
  await settle().catch(() => undefined);
}
