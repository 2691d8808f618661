import { Redis } from 'ioredis';

/**
 * Connects to a Redis once, without trying again, and closes the connection after use.
 *
 * @throws Error where it cannot be reached or refuses
 */
export async function withRedis<T>(redisUrl: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Only by this event does ioredis tell why it could not connect.
  let reason: Error | undefined;
  redis.on('error', (error: Error) => (reason = error));
  try {
    await redis.connect();
    return await use(redis);
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

/** Asks a Redis or Valkey for its version, as in "9.1.0". */
export function askVersion(redisUrl: string): Promise<string> {
  return withRedis(redisUrl, async (redis) => {
    const info = await redis.info('server');
    return /^valkey_version:(.*)$/m.exec(info)?.[1]?.trim() ?? /^redis_version:(.*)$/m.exec(info)?.[1]?.trim() ?? '';
  });
}
