import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** The channel on which workers say that something may be sent: a slot is free, or jobs were unblocked. */
function bellChannel(prefix: string): string {
  return `${prefix}:bell`;
}

/** The worker's side of the bell. */
export interface Bell {
  /** Wakes the dispatchers, without waiting; while Redis is away they look by themselves. */
  readonly ring: () => void;
  readonly close: () => void;
}

/** Opens the side that rings. */
export function openBell(redisUrl: string, { prefix, log }: { prefix: string; log: Logger }): Bell {
  const redis = new Redis(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1, socketTimeout: 5000 });
  // The consumer of deliveries, whose connection is lost with this one, says so.
  redis.on('error', (error) => log.debug({ err: error }, 'the bell is interrupted'));
  return {
    ring() {
      if (redis.status !== 'ready') return;
      redis.publish(bellChannel(prefix), '').catch((error: unknown) => log.debug({ err: error }, 'the bell is lost'));
    },
    close: () => redis.disconnect(),
  };
}

/** Opens the side that hears. */
export function hearBell(
  redisUrl: string,
  { prefix, onRing, log }: { prefix: string; onRing: () => void; log: Logger },
): { close: () => void } {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  redis.on('error', (error) => log.debug({ err: error }, 'the bell is interrupted'));
  redis.on('message', onRing);
  // ioredis subscribes again by itself after a reconnection.
  redis.subscribe(bellChannel(prefix)).catch((error: unknown) => {
    log.warn({ err: error }, 'the workers cannot be heard; the dispatcher looks by itself');
  });
  return { close: () => redis.disconnect() };
}
