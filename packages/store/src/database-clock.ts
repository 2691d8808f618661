import type { Database } from './database.js';

/** Milliseconds beyond which an answer says too little of the moment at which it was given. */
const SLOWEST_ANSWER_MS = 1000;

/** The time on which all processes agree. */
export interface Clock {
  now(): Date;
}

/** A clock that asks its database again and again, until it is closed. */
export interface DatabaseClock extends Clock {
  /** Resolves once the database has been asked for the first time, whether it answered or not. */
  readonly ready: Promise<void>;
  close(): void;
}

/**
 * Follows the database's clock: a lease that one process writes and another judges must not depend on their own clocks,
 * which may be wrong, or jump.
 *
 * Between two answers the time is measured by the process's monotonic clock, which no one sets. Before the first answer,
 * it is the process's own.
 *
 * @param onError told where the database does not answer; the last answer serves on
 * @param everyMs how often the database is asked
 */
export function followDatabaseClock(
  db: Database,
  { onError, everyMs = 15_000 }: { onError: (error: unknown) => void; everyMs?: number },
): DatabaseClock {
  let ahead: number | undefined;
  const ask = async () => {
    const asked = performance.now();
    const [row] = await db.sql.$queryRaw<{ ms: number }[]>`
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`;
    const answered = performance.now();
    if (ahead !== undefined && answered - asked > SLOWEST_ANSWER_MS) return;
    ahead = row!.ms - (asked + answered) / 2;
  };
  const tryToAsk = () => ask().catch(onError);
  const ready = tryToAsk();
  const timer = setInterval(() => void tryToAsk(), everyMs);
  timer.unref();
  return {
    ready,
    now: () => new Date(ahead === undefined ? Date.now() : performance.now() + ahead),
    close: () => clearInterval(timer),
  };
}
