import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterAbstract } from 'rate-limiter-flexible';

/** Milliseconds in which Redis must answer: one that hangs without closing its connection is away, too. */
const PATIENCE_MS = 500;
/** A minute from the first request on; what is too many, whoever asks for the count decides. */
const counting = { duration: 60, points: Number.MAX_SAFE_INTEGER };

/** How many requests somebody has made in a minute. */
export interface RequestCount {
  readonly requests: number;
  /** Milliseconds until the minute is over. */
  readonly endsInMs: number;
}

/** Counts the requests of addresses and API keys. */
export interface RequestCounts {
  /** Counts one more. */
  readonly count: (who: string) => Promise<RequestCount>;
  readonly close: () => void;
}

/**
 * Counts in Redis, over all API processes.
 *
 * While Redis is away each process counts for itself: nobody is refused for that, and no bound is lifted.
 *
 * @param onError is told of connection errors, which ioredis mends by itself
 */
export function openRequestCounts(
  redisUrl: string,
  { prefix, onError }: { prefix: string; onError: (error: Error) => void },
): RequestCounts {
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
  redis.on('error', onError);
  const limiter = new RateLimiterRedis({
    ...counting,
    storeClient: redis,
    keyPrefix: `${prefix}:requests`,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(counting),
  });
  return { count: countBy(limiter), close: () => redis.disconnect() };
}

/** Counts in this process only. */
export function countHere(): RequestCounts {
  return { count: countBy(new RateLimiterMemory(counting)), close: () => undefined };
}

function countBy(limiter: RateLimiterAbstract): RequestCounts['count'] {
  return async (who) => {
    const { consumedPoints: requests, msBeforeNext: endsInMs } = await limiter.consume(who);
    return { requests, endsInMs };
  };
}

/** What @fastify/rate-limit counts with. */
export function storeOf({ count }: Pick<RequestCounts, 'count'>): FastifyRateLimitStoreCtor {
  return class Store implements FastifyRateLimitStore {
    incr(address: string, done: Parameters<FastifyRateLimitStore['incr']>[1]): void {
      count(address).then(
        ({ requests, endsInMs }) => done(null, { current: requests, ttl: endsInMs }),
        (error: Error) => done(error),
      );
    }
    child(): this {
      return this;
    }
  };
}
