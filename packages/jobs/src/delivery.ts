import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

/** The queue of the workers with one engine; its keys in Redis begin with `<prefix>:tasks-<engine>`. */
export function queueName(engine: string): string {
  return `tasks-${engine}`;
}

/** What a delivery says: everything else is in Postgres. */
export interface TaskAttempt {
  readonly taskId: string;
  readonly attempt: number;
}

/** A delivery to the workers with one engine. */
export interface Delivery extends TaskAttempt {
  readonly engine: string;
}

/** The sending side of BullMQ, and the channel on which workers are called. */
export interface DeliveryQueue {
  /** Adds deliveries, of each engine in their order; one that is there already is not added again. */
  send(deliveries: readonly Delivery[]): Promise<void>;
  /** Whether Redis still holds this delivery, waiting or running. */
  holds(delivery: Delivery): Promise<boolean>;
  /** Takes a delivery back, unless a worker has it. */
  takeBack(delivery: Delivery): Promise<void>;
  /** Calls these workers, or those that run these tasks, to look at what was asked of them now, and not only with their next heartbeat. */
  callWorkers(ids: readonly string[]): Promise<void>;
  /** The round trip to Redis, or an error. */
  ping(): Promise<void>;
  /** Deliveries to the workers with these engines by state, for the queue's page. */
  counts(engines: readonly string[]): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** Milliseconds in which Redis must answer a command: one that hangs without closing its connection is away, too. */
const COMMAND_LIMIT_MS = 5000;

/** The channel of the workers that are called, each by its own identifier or by one of a task that it runs. */
export function callChannel(prefix: string): string {
  return `${prefix}:calls`;
}

/**
 * Opens the sending side; a command fails at once while Redis is away, since the outbox holds what could not be sent.
 *
 * @param onError is told of connection errors, which ioredis mends by itself
 * @param commandLimitMs how long a command may take
 */
export function openDeliveryQueue(
  redisUrl: string,
  {
    prefix,
    onError,
    commandLimitMs = COMMAND_LIMIT_MS,
  }: { prefix: string; onError: (error: Error) => void; commandLimitMs?: number },
): DeliveryQueue {
  const connection = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: commandLimitMs,
    // The command fails, and its connection is not used again: one that died without being closed never answers.
    socketTimeout: commandLimitMs,
  });
  connection.on('error', onError);
  const opened = new Map<string, Promise<Queue<TaskAttempt>>>();

  // BullMQ's queue stays broken where its first command fails, so it is made on a connection that is up, and made anew
  // where that did not last.
  function queueOf(engine: string): Promise<Queue<TaskAttempt>> {
    if (connection.status !== 'ready') return Promise.reject(new Error(`Redis is away (${connection.status})`));
    const known = opened.get(engine);
    if (known) return known;
    const queue = openQueue(connection, queueName(engine), prefix, onError).catch((error: unknown) => {
      opened.delete(engine);
      throw error;
    });
    opened.set(engine, queue);
    return queue;
  }

  return {
    async send(deliveries) {
      const engines = new Set(deliveries.map(({ engine }) => engine));
      for (const engine of engines) {
        const jobs = deliveries
          .filter((delivery) => delivery.engine === engine)
          .map(({ taskId, attempt }) => ({ taskId, attempt }))
          .map((data) => ({ name: 'task', data, opts: { jobId: deliveryId(data) } }));
        await (await queueOf(engine)).addBulk(jobs);
      }
    },
    async holds(delivery) {
      return (await (await queueOf(delivery.engine)).getJob(deliveryId(delivery))) !== undefined;
    },
    async takeBack(delivery) {
      await (await queueOf(delivery.engine)).remove(deliveryId(delivery));
    },
    async callWorkers(ids) {
      await Promise.all(ids.map((id) => connection.publish(callChannel(prefix), id)));
    },
    async ping() {
      await connection.ping();
    },
    async counts(engines) {
      const total: Record<string, number> = {};
      for (const engine of engines) {
        const counts = await (await queueOf(engine)).getJobCounts();
        for (const [state, count] of Object.entries(counts)) total[state] = (total[state] ?? 0) + count;
      }
      return total;
    },
    async close() {
      for (const queue of opened.values()) await (await queue).close();
      connection.disconnect();
    },
  };
}

async function openQueue(
  connection: Redis,
  name: string,
  prefix: string,
  onError: (error: Error) => void,
): Promise<Queue<TaskAttempt>> {
  const queue = new Queue<TaskAttempt>(name, {
    connection,
    prefix,
    // Retries are decided in Postgres by the reason table, and finished deliveries carry nothing worth keeping.
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  });
  queue.on('error', onError);
  await queue.waitUntilReady();
  return queue;
}

/** The id that makes a second sending of the same delivery harmless. */
function deliveryId({ taskId, attempt }: TaskAttempt): string {
  return `${taskId}-${attempt}`;
}
