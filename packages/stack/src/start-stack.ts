import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { applyMigrations } from '@retort/store';
import { lockDataFolder } from './data-folder/lock.js';
import { makeDataFolder } from './data-folder/make.js';
import { publishStack, withdrawStack } from './data-folder/running-stack.js';
import { askVersion as askPostgresVersion, startPostgres, type PostgresSettings } from './postgres/start-postgres.js';
import { startRedis, type EmbeddedRedis } from './redis/start-redis.js';
import { askVersion as askRedisVersion } from './redis/with-redis.js';
import type { Log } from './server/log.js';

export interface StackOptions {
  /** The folder for all that the stack keeps, made where it is missing; one stack at a time runs on it. */
  dataDir: string;
  /** A PostgreSQL to use instead of the embedded one, as in `postgresql://user:password@host:5432/name`. */
  databaseUrl?: string | undefined;
  /** A Redis to use instead of one of the stack's own, as in `redis://host:6379`. */
  redisUrl?: string | undefined;
  /** Whether to apply the migrations that the database lacks; by default so. */
  migrate?: boolean;
  /** Settings of the embedded PostgreSQL, as in `{ fsync: 'off' }` for one that is thrown away. */
  postgresSettings?: PostgresSettings;
  log: Log;
}

/** PostgreSQL and Redis, ready for use. */
export interface Stack {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly postgres: { kind: 'embedded' | 'external'; version: string };
  readonly redis: { kind: EmbeddedRedis['kind'] | 'external'; version: string };
  /** Tells other processes where the API of this stack is: `readRunningStack` finds it. */
  publish(addresses: { apiUrl: string }): Promise<void>;
  /** Ends the servers that the stack started, and gives the data folder free. */
  stop(): Promise<void>;
}

/** A server that is ready; stopping one that was given does nothing. */
interface Ready<Kind> {
  kind: Kind;
  url: string;
  version: string;
  stop(): Promise<void>;
}

/**
 * Makes PostgreSQL and Redis ready: those that are given, else the stack's own, which it keeps running until `stop` and
 * which end also when this process is killed. Applies the migrations.
 *
 * @throws StackRunningError where another process runs its servers on the data folder
 * @throws DataFolderError where this user cannot write the data folder
 * @throws MigrationError where the database cannot be reached or migrated
 * @throws Error where a server does not start or a given one cannot be reached; nothing is left running
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  if (options.databaseUrl !== undefined && options.redisUrl !== undefined) return prepareStack(options);
  const dataDir = await openDataFolder(options.dataDir);
  const lock = await lockDataFolder(dataDir);
  let stack: Stack | undefined;
  const stop = once(async () => {
    await stack?.stop();
    await lock.release();
  });
  try {
    stack = await prepareStack({ ...options, dataDir });
    await publishStack(dataDir, stack);
    return { ...stack, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepareStack(options: StackOptions): Promise<Stack> {
  const [postgres, redis] = await allOrNone(readyPostgres(options), readyRedis(options));
  const urls = { databaseUrl: postgres.url, redisUrl: redis.url };
  return {
    ...urls,
    postgres: { kind: postgres.kind, version: postgres.version },
    redis: { kind: redis.kind, version: redis.version },
    publish: async ({ apiUrl }) => {
      await publishStack(await openDataFolder(options.dataDir), { ...urls, apiUrl });
    },
    stop: async () => {
      await withdrawStack(resolve(options.dataDir));
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

async function readyPostgres({
  dataDir,
  databaseUrl,
  migrate = true,
  postgresSettings,
  log,
}: StackOptions): Promise<Ready<'embedded' | 'external'>> {
  const own = databaseUrl === undefined ? await startPostgres({ dataDir, settings: postgresSettings, log }) : undefined;
  const url = own?.databaseUrl ?? databaseUrl!;
  try {
    if (migrate) await applyMigrations({ databaseUrl: url, log });
    if (own) return { kind: 'embedded', url, version: own.version, stop: () => own.stop() };
    return { kind: 'external', url, version: await askPostgresVersion(url), stop: nothing };
  } catch (error) {
    await own?.stop();
    throw error;
  }
}

async function readyRedis({ dataDir, redisUrl, log }: StackOptions): Promise<Ready<Stack['redis']['kind']>> {
  if (redisUrl === undefined) {
    const own = await startRedis({ dataDir, log });
    return { kind: own.kind, url: own.redisUrl, version: own.version, stop: () => own.stop() };
  }
  const version = await askRedisVersion(redisUrl).catch((cause: Error) => {
    const { host } = new URL(redisUrl);
    throw new Error(`The Redis at ${host} cannot be used: ${cause.message}. Check REDIS_URL.`, { cause });
  });
  return { kind: 'external', url: redisUrl, version, stop: nothing };
}

/** Makes the data folder and names it without symbolic links, as the servers on it name it. */
async function openDataFolder(dataDir: string): Promise<string> {
  await makeDataFolder(resolve(dataDir));
  return realpath(dataDir);
}

/** Waits for both; where one fails, stops the other and fails. */
async function allOrNone<A, B>(first: Promise<Ready<A>>, second: Promise<Ready<B>>): Promise<[Ready<A>, Ready<B>]> {
  const results = await Promise.allSettled([first, second]);
  if (results.some(({ status }) => status === 'rejected')) {
    await Promise.all(results.map((result) => (result.status === 'fulfilled' ? result.value.stop() : nothing())));
  }
  return [await first, await second];
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= action());
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
