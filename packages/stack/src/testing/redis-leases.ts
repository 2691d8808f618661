import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startRedis, type EmbeddedRedis } from '../redis/start-redis.js';
import { withRedis } from '../redis/with-redis.js';
import type { Log } from '../server/log.js';

/** A Redis has 16 numbered databases unless told otherwise. */
const DATABASES = 16;

/** Lends numbered Redis databases, each to one borrower at a time; starts a further Redis when all are lent. */
export interface RedisLeases {
  /** @returns a URL with the number, as in `redis://127.0.0.1:6379/3` */
  lend(): Promise<string>;
  /** Empties a database that was lent, for the next borrower. */
  takeBack(redisUrl: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param redisUrl the first Redis, which is not stopped
 * @param folder for the data of those that are started later
 */
export function createRedisLeases(redisUrl: string, folder: string, log: Log): RedisLeases {
  const free = databasesOf(redisUrl);
  const started: EmbeddedRedis[] = [];
  let starting: Promise<void> | undefined;

  const startAnother = async (): Promise<void> => {
    const dataDir = join(folder, `redis-${started.length + 1}`);
    await mkdir(dataDir, { recursive: true });
    const redis = await startRedis({ dataDir, log });
    started.push(redis);
    free.push(...databasesOf(redis.redisUrl));
    starting = undefined;
  };

  return {
    lend: async () => {
      while (free.length === 0) await (starting ??= startAnother());
      return free.shift()!;
    },
    takeBack: async (url) => {
      await withRedis(url, (redis) => redis.flushdb());
      free.push(url);
    },
    stop: async () => {
      await Promise.all(started.map((redis) => redis.stop()));
    },
  };
}

function databasesOf(redisUrl: string): string[] {
  return Array.from({ length: DATABASES }, (_, number) => `${redisUrl}/${number}`);
}
