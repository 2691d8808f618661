const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds before each further attempt, as the Standard Webhooks specification proposes: three days in all. */
const DELAYS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/** Milliseconds of failing without any success after which an endpoint is disabled. */
export const DISABLED_AFTER_MS = 5 * 24 * HOUR;

/**
 * When to try again after so many attempts; undefined where there is no further one.
 *
 * A tenth of the delay is drawn at random, so that what failed together does not come back together.
 */
export function nextAttemptAt(attempts: number, now: Date): Date | undefined {
  const delay = DELAYS[attempts - 1];
  return delay === undefined ? undefined : new Date(now.getTime() + delay * (1 + 0.1 * Math.random()));
}
