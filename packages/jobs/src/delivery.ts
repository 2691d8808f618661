import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

/** The queue's name; its keys in Redis begin with `<prefix>:tasks`. */
export const QUEUE_NAME = 'tasks';

/** What a delivery says: everything else is in Postgres. */
export interface Delivery {
  readonly taskId: string;
  readonly attempt: number;
}

/** The sending side of BullMQ, and the channel on which workers are called. */
export interface DeliveryQueue {
  /** Adds deliveries; one that is there already is not added again. */
  send(deliveries: readonly Delivery[]): Promise<void>;
  /** Whether Redis still holds this delivery, waiting or running. */
  holds(delivery: Delivery): Promise<boolean>;
  /** Calls these workers, or those that run these tasks, to look at what was asked of them now, and not only with their next heartbeat. */
  callWorkers(ids: readonly string[]): Promise<void>;
  /** The round trip to Redis, or an error. */
  ping(): Promise<void>;
  /** Deliveries by state, for the queue's page. */
  counts(): Promise<Record<string, number>>;
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
  });
  connection.on('error', onError);
  let opened: Promise<Queue<Delivery>> | undefined;

  // BullMQ's queue stays broken where its first command fails, so it is made on a connection that is up, and made anew
  // where that did not last.
  function queue(): Promise<Queue<Delivery>> {
    if (connection.status !== 'ready') return Promise.reject(new Error(`Redis is away (${connection.status})`));
    opened ??= openQueue(connection, prefix, onError).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  return {
    async send(deliveries) {
      const jobs = deliveries.map((data) => ({ name: 'task', data, opts: { jobId: deliveryId(data) } }));
      await (await queue()).addBulk(jobs);
    },
    async holds(delivery) {
      return (await (await queue()).getJob(deliveryId(delivery))) !== undefined;
    },
    async callWorkers(ids) {
      await Promise.all(ids.map((id) => connection.publish(callChannel(prefix), id)));
    },
    async ping() {
      await connection.ping();
    },
    async counts() {
      return (await queue()).getJobCounts();
    },
    async close() {
      await (await opened)?.close();
      connection.disconnect();
    },
  };
}

async function openQueue(connection: Redis, prefix: string, onError: (error: Error) => void): Promise<Queue<Delivery>> {
  const queue = new Queue<Delivery>(QUEUE_NAME, {
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
function deliveryId({ taskId, attempt }: Delivery): string {
  return `${taskId}-${attempt}`;
}
