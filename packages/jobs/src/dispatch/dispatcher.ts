import type { Logger } from 'pino';
import type { Clock, Database } from '@retort/store';
import type { DeliveryQueue } from '../delivery.js';
import { BATCH, dispatch, type KindLimits } from './dispatch.js';

/** A dispatcher that runs until it is closed. */
export interface Dispatcher {
  /** Looks at the outbox now instead of at the next tick: where something was queued, or a worker has room again. */
  readonly wake: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Dispatches whenever it is woken, and every `intervalMs` milliseconds for retries that fall due and wakings that Redis
 * has lost; while Redis or Postgres is away the rows wait.
 */
export function startDispatcher(
  { db, clock }: { db: Database; clock: Clock },
  queue: Pick<DeliveryQueue, 'send' | 'ping'>,
  { intervalMs = 250, kindLimits = new Map(), log }: { intervalMs?: number; kindLimits?: KindLimits; log: Logger },
): Dispatcher {
  let closed = false;
  let woken = false;
  let stopWaiting = () => {};
  let failing = false;

  async function dispatchOnce(): Promise<number> {
    // While Redis is away nothing is chosen: it would only be marked and unmarked.
    if (failing) await queue.ping();
    return dispatch({ db, now: clock.now() }, queue, { kindLimits });
  }

  async function run(): Promise<void> {
    while (!closed) {
      woken = false;
      const sent = await dispatchOnce().then(
        (count) => {
          if (failing) log.info('deliveries are being sent again');
          failing = false;
          return count;
        },
        (error: unknown) => {
          if (!failing) log.warn({ err: error }, 'deliveries cannot be sent now; they wait in Postgres');
          failing = true;
          return 0;
        },
      );
      if (sent === BATCH || woken || closed) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, failing ? Math.max(intervalMs, 1000) : intervalMs);
        stopWaiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  const running = run();
  return {
    wake() {
      woken = true;
      stopWaiting();
    },
    async close() {
      closed = true;
      stopWaiting();
      await running;
    },
  };
}
