import type { Logger } from 'pino';
import { callChannel } from '@retort/jobs';
import { openRedis } from './open-redis.js';

/** Milliseconds between two questions whether Redis is there: a subscriber says nothing by itself. */
const PING_MS = 10_000;

/** Hears of which workers and running tasks something is asked; what it misses while Redis is away, the heartbeat reads from Postgres. */
export function listenForCalls(
  redisUrl: string,
  { prefix, onCall, log }: { prefix: string; onCall: (id: string) => void; log: Logger },
): { close(): void } {
  const redis = openRedis(redisUrl, (error) => log.warn({ err: error }, 'the channel of calls is interrupted'));
  redis.on('message', (_channel, id) => onCall(id));
  // ioredis subscribes again by itself after a reconnection.
  redis.subscribe(callChannel(prefix)).catch((error: unknown) => {
    log.warn({ err: error }, 'the channel of calls cannot be heard; the heartbeat reads what is asked instead');
  });
  // What cannot be sent is an error of the connection, which is told above.
  const ping = setInterval(() => void redis.ping().catch(() => undefined), PING_MS);
  return {
    close() {
      clearInterval(ping);
      redis.disconnect();
    },
  };
}
