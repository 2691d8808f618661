import { Redis } from 'ioredis';

/** Milliseconds in which something must come from Redis while an answer is due: BullMQ waits for deliveries 10 s at a time. */
const SILENCE_LIMIT_MS = 20_000;

/**
 * Opens a connection that waits for Redis while it is away, and that is made anew where it has died without being closed.
 *
 * @param onError is told of connection errors, which ioredis mends by itself
 */
export function openRedis(redisUrl: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null, socketTimeout: SILENCE_LIMIT_MS });
  redis.on('error', onError);
  return redis;
}
