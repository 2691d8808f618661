import type { Logger } from 'pino';
import type { Clock, Database } from '@retort/store';
import type { Clocked } from './change.js';
import type { DeliveryQueue } from './delivery.js';

/** Deliveries sent in one transaction. */
const BATCH = 200;

/**
 * Sends the unsent rows of the outbox once.
 *
 * Any number of processes may run it: each takes rows that no other holds. A crash between sending and marking sends a
 * row again, under the same delivery id.
 *
 * @returns how many were sent
 */
export async function relayOutbox({ db, now }: Clocked, queue: DeliveryQueue): Promise<number> {
  return db.$transaction(
    async (tx) => {
      const rows = await tx.$queryRaw<{ id: bigint; task_id: string; attempt: number }[]>`
        SELECT id, task_id, attempt FROM outbox
        WHERE sent_at IS NULL AND available_at <= ${now}
        ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
      if (rows.length === 0) return 0;
      await queue.send(rows.map((row) => ({ taskId: row.task_id, attempt: row.attempt })));
      await tx.outbox.updateMany({ where: { id: { in: rows.map(({ id }) => id) } }, data: { sentAt: now } });
      return rows.length;
    },
    { timeout: 30_000 },
  );
}

/** A relay that runs until it is closed. */
export interface Relay {
  /** Looks at the outbox now instead of at the next tick: for the process that has just written to it. */
  wake(): void;
  close(): Promise<void>;
}

/** Runs the relay every `intervalMs` milliseconds; while Redis or Postgres is away the rows wait. */
export function startRelay(
  { db, clock }: { db: Database; clock: Clock },
  queue: DeliveryQueue,
  { intervalMs = 100, log }: { intervalMs?: number; log: Logger },
): Relay {
  let closed = false;
  let woken = false;
  let stopWaiting = () => {};
  let failing = false;

  async function run(): Promise<void> {
    while (!closed) {
      woken = false;
      const sent = await relayOutbox({ db, now: clock.now() }, queue).then(
        (count) => {
          if (failing) log.info('the outbox is being sent again');
          failing = false;
          return count;
        },
        (error: unknown) => {
          if (!failing) log.warn({ err: error }, 'the outbox cannot be sent now; its rows wait');
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
