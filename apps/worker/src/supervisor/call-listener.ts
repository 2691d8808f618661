import type { Logger } from 'pino';
import { callChannel } from '@retort/jobs';
import { openRedis } from './open-redis.js';

/** Milliseconds between two questions whether Redis is there: a subscriber says nothing by itself. */
const PING_MS = 10_000;

/** The channel on which workers are called; what is missed while Redis is away, the heartbeat reads from Postgres. */
export interface Calls {
  /** Calls the workers that run these tasks, without waiting. */
  call(taskIds: readonly string[]): void;
  close(): void;
}

/** Hears of which workers and running tasks something is asked. */
export function listenForCalls(
  redisUrl: string,
  { prefix, onCall, log }: { prefix: string; onCall: (id: string) => void; log: Logger },
): Calls {
  const redis = openRedis(redisUrl, (error) => log.warn({ err: error }, 'the channel of calls is interrupted'));
  redis.on('message', (_channel, id) => onCall(id));
  // ioredis subscribes again by itself after a reconnection.
  redis.subscribe(callChannel(prefix)).catch((error: unknown) => {
    log.warn({ err: error }, 'the channel of calls cannot be heard; the heartbeat reads what is asked instead');
  });
  // What cannot be sent is an error of the connection, which is told above.
  const ping = setInterval(() => void redis.ping().catch(() => undefined), PING_MS);
  // One that subscribes may say nothing else.
  const speaking = redis.duplicate({ lazyConnect: true, maxRetriesPerRequest: 1 });
  speaking.on('error', (error) => log.debug({ err: error }, 'the channel of calls is interrupted'));
  return {
    call(taskIds) {
      Promise.all(taskIds.map((id) => speaking.publish(callChannel(prefix), id))).catch((error: unknown) => {
        log.warn({ err: error }, 'workers could not be called; they hear with their next heartbeat');
      });
    },
    close() {
      clearInterval(ping);
      redis.disconnect();
      speaking.disconnect();
    },
  };
}
