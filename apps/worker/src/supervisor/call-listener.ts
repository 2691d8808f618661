import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { callChannel } from '@retort/jobs';

/** Hears of which workers and running tasks something is asked; what it misses while Redis is away, the heartbeat reads from Postgres. */
export function listenForCalls(
  redisUrl: string,
  { prefix, onCall, log }: { prefix: string; onCall: (id: string) => void; log: Logger },
): { close(): void } {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  redis.on('error', (error) => log.warn({ err: error }, 'the channel of calls is interrupted'));
  redis.on('message', (_channel, id) => onCall(id));
  // ioredis subscribes again by itself after a reconnection.
  redis.subscribe(callChannel(prefix)).catch((error: unknown) => {
    log.warn({ err: error }, 'the channel of calls cannot be heard; the heartbeat reads what is asked instead');
  });
  return { close: () => redis.disconnect() };
}
