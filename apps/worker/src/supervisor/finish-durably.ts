import { setTimeout as after } from 'node:timers/promises';
import type { Logger } from 'pino';
import { finishTask, type Lease, type Outcome } from '@retort/jobs';
import { isDatabaseAway, type Clock, type Database } from '@retort/store';

/** Milliseconds between two offers of an outcome. */
const DELAY_MS = 2000;
/** How often it is offered to a Postgres that is away: for five minutes. */
const TRIES_AWAY = 150;
/** How often to one that is there and does not take it: two transactions may have been in each other's way. */
const TRIES_REFUSED = 3;

/**
 * Offers an outcome to Postgres until it is taken: a result that took hours is not lost to a restart of the database.
 *
 * Where Postgres is there and refuses it, the attempt ends with that as its reason instead.
 *
 * @throws the last error where neither could be written
 */
export async function finishDurably(
  at: {
    readonly db: Database;
    readonly clock: Clock;
    /** Told of the tasks that end with this one. */
    readonly callWorkers: (taskIds: readonly string[]) => void;
  },
  lease: Lease,
  outcome: Outcome,
  log: Logger,
): Promise<'recorded' | 'fenced'> {
  for (let away = 0, refused = 0; ;) {
    try {
      return await finishTask({ db: at.db, now: at.clock.now() }, lease, outcome, at.callWorkers);
    } catch (error) {
      if (isDatabaseAway(error)) away++;
      else refused++;
      if (away === TRIES_AWAY) throw error;
      if (refused < TRIES_REFUSED) {
        log.warn({ err: error }, 'the outcome could not be written; tried again');
        await after(DELAY_MS);
      } else if (outcome.type === 'ended') throw error;
      else {
        log.error({ err: error }, 'a defect: the outcome was refused');
        const detail = `the result was computed, but could not be recorded: ${messageOf(error)}`;
        return finishDurably(at, lease, { type: 'ended', reason: 'outcome_refused', detail }, log);
      }
    }
  }
}

/** What Postgres says, with its code; without what it refuses in a text. */
function messageOf(error: unknown): string {
  const { message, code } = error as Error & { code?: string };
  return `${message}${code === undefined ? '' : ` (${code})`}`.replaceAll('\0', '');
}
