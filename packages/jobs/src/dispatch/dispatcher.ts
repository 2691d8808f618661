import { setTimeout as after } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock, Database } from '@retort/store';
import type { Delivery, DeliveryQueue } from '../delivery.js';
import { BATCH, dispatch, type KindLimits } from './dispatch.js';
import { Pace } from './pace.js';

/** Milliseconds between two looks where deliveries wait: what is submitted and finished meanwhile is dispatched at once. */
const REST_MS = 10;

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
  const pace = new Pace();

  async function dispatchOnce(): Promise<Delivery[] | undefined> {
    // While Redis is away nothing is chosen: it would only be marked and unmarked.
    if (failing) await queue.ping();
    const sent = await dispatch({ db, now: clock.now() }, queue, { kindLimits, ahead: pace.ahead() });
    pace.count(sent ?? [], performance.now() / 1000);
    return sent;
  }

  async function run(): Promise<void> {
    while (!closed) {
      woken = false;
      const sent = await dispatchOnce().then(
        (deliveries) => {
          if (failing) log.info('deliveries are being sent again');
          failing = false;
          return deliveries;
        },
        (error: unknown) => {
          if (!failing) log.warn({ err: error }, 'deliveries cannot be sent now; they wait in Postgres');
          failing = true;
          return undefined;
        },
      );
      if (sent?.length === BATCH) continue;
      // Whoever submits to an idle service meets no rest; while there is much to do one look serves many rings.
      if (sent) await after(REST_MS);
      if (woken || closed) continue;
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
