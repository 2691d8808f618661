import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startStack } from '../start-stack.js';
import type { Log } from '../server/log.js';
import { createRedisLeases } from './redis-leases.js';

/** A migrated database and a Redis database of a test's own. */
export interface TestDatabase {
  databaseUrl: string;
  redisUrl: string;
  drop(): Promise<void>;
}

/** A PostgreSQL and a Redis for tests, in a temporary folder. */
export interface TestStack {
  createDatabase(): Promise<TestDatabase>;
  /** Ends the servers and removes the folder. */
  stop(): Promise<void>;
}

/** For data that nobody needs after a crash, and for as many test files at once as a large machine runs. */
export const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' };

/** Starts a PostgreSQL and a Redis for tests. */
export async function startTestStack({ log = quiet }: { log?: Log } = {}): Promise<TestStack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'retort-test-'));
  const removeFolder = () => rm(dataDir, { recursive: true, force: true });
  const stack = await startStack({ dataDir, log, postgresSettings: SETTINGS }).catch(async (error: Error) => {
    await removeFolder();
    throw error;
  });
  const leases = createRedisLeases(stack.redisUrl, dataDir, log);
  const admin = new pg.Pool({ connectionString: withDatabase(stack.databaseUrl, 'postgres'), max: 2 });
  // An idle connection that the stopping server ends is no failure of a test; a query on it would say so itself.
  admin.on('error', () => undefined);
  const template = new URL(stack.databaseUrl).pathname.slice(1);

  return {
    createDatabase: async () => {
      const name = `test_${randomBytes(6).toString('hex')}`;
      const redisUrl = await leases.lend();
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      return {
        databaseUrl: withDatabase(stack.databaseUrl, name),
        redisUrl,
        drop: async () => {
          await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
          await leases.takeBack(redisUrl);
        },
      };
    },
    stop: async () => {
      await admin.end();
      await leases.stop();
      await stack.stop();
      await removeFolder();
    },
  };
}

function withDatabase(databaseUrl: string, name: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

const quiet: Log = { info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
