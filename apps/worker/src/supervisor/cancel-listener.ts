import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { cancelChannel } from '@retort/jobs';

/** Hears which tasks are cancelled; what it misses while Redis is away, the heartbeat reads from Postgres. */
export function listenForCancels(
  redisUrl: string,
  { prefix, onCancel, log }: { prefix: string; onCancel: (taskId: string) => void; log: Logger },
): { close(): void } {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  redis.on('error', (error) => log.warn({ err: error }, 'the cancel channel is interrupted'));
  redis.on('message', (_channel, taskId) => onCancel(taskId));
  // ioredis subscribes again by itself after a reconnection.
  redis.subscribe(cancelChannel(prefix)).catch((error: unknown) => {
    log.warn({ err: error }, 'the cancel channel cannot be heard; the heartbeat reads the flag instead');
  });
  return { close: () => redis.disconnect() };
}
