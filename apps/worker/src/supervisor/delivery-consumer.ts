import { setTimeout as after } from 'node:timers/promises';
import { WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { queueName, type TaskAttempt } from '@retort/jobs';
import { openRedis } from './open-redis.js';

/** Milliseconds in which Redis must take the last acknowledgements: one that hangs does not hold up the end of a worker. */
const CLOSE_LIMIT_MS = 2000;

/** Milliseconds after which a delivery is given to another worker where the one that took it died before it claimed the task. */
const LOCK_MS = 20_000;

/** What became of a delivery; `declined` leaves it to another worker. */
export type Handled = 'done' | 'declined';

/** Takes the deliveries to the workers with an engine from BullMQ, so many at once, until it is closed. */
export class DeliveryConsumer {
  readonly #worker: Worker<TaskAttempt>;
  readonly #connection: Redis;
  readonly #handling = new Set<Promise<unknown>>();
  readonly #log: Logger;
  #closing: Promise<void> | undefined;

  constructor({
    redisUrl,
    prefix,
    engine,
    concurrency,
    handle,
    log,
  }: {
    redisUrl: string;
    prefix: string;
    engine: string;
    concurrency: number;
    handle: (delivery: TaskAttempt) => Promise<Handled>;
    log: Logger;
  }) {
    this.#log = log;
    this.#connection = openRedis(redisUrl, (error) => log.warn({ err: error }, 'Redis is away; deliveries wait'));
    this.#worker = new Worker<TaskAttempt>(
      queueName(engine),
      // What goes wrong here is the worker's own trouble (Postgres away, say): the task is still queued in Postgres, and
      // the reconciler sends it again. A task's own failure is an outcome, not an error.
      async (delivery, token) => {
        const handling = handle(delivery.data);
        this.#handling.add(handling);
        const handled = await handling.finally(() => this.#handling.delete(handling));
        if (handled === 'done') return;
        await delivery.moveToWait(token);
        throw new WaitingError();
      },
      { connection: this.#connection, prefix, concurrency, lockDuration: LOCK_MS, stalledInterval: LOCK_MS / 2 },
    );
    this.#worker.on('error', (error) => log.warn({ err: error }, 'the delivery queue is interrupted'));
    this.#worker.on('failed', (delivery, error) =>
      log.error({ err: error, task: delivery?.data.taskId }, 'delivery failed'),
    );
  }

  /** Takes no more deliveries from now on. */
  stop(): void {
    this.#closing ??= this.#worker.close();
  }

  /** Waits until what was taken is handled and acknowledged. What Redis does not acknowledge in time is delivered again, and dropped as a duplicate. */
  async close(): Promise<void> {
    this.stop();
    await Promise.allSettled(this.#handling);
    const closed = this.#closing!.then(() => true);
    if (!(await Promise.race([closed, after(CLOSE_LIMIT_MS, false, { ref: false })]))) {
      this.#log.warn('Redis does not acknowledge the last deliveries');
    }
    this.#connection.disconnect();
  }
}
