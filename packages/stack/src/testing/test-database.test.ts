import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from './index.js';

const lent: TestDatabase[] = [];
const lend = async () => {
  const database = await testDatabase();
  lent.push(database);
  return database;
};
afterAll(() => Promise.all(lent.map((database) => database.drop())));

async function query(databaseUrl: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('two databases are migrated and do not see each other', async () => {
  const [one, other] = [await lend(), await lend()];
  await query(one.databaseUrl, `CREATE TABLE mine (id int)`);
  const tables = (url: string) =>
    query(url, `SELECT to_regclass('mine') AS mine, to_regclass('_prisma_migrations') AS migrations`);
  expect(await tables(one.databaseUrl)).toEqual([{ mine: 'mine', migrations: '_prisma_migrations' }]);
  expect(await tables(other.databaseUrl)).toEqual([{ mine: null, migrations: '_prisma_migrations' }]);

  const [redis, otherRedis] = [new Redis(one.redisUrl), new Redis(other.redisUrl)];
  await redis.set('mine', '1');
  expect(await otherRedis.get('mine')).toBeNull();
  redis.disconnect();
  otherRedis.disconnect();
});

test('more databases than a Redis has numbers are all distinct, and a dropped one is gone', async () => {
  const many = await Promise.all(Array.from({ length: 17 }, lend));
  expect(new Set(many.map(({ redisUrl }) => redisUrl)).size).toBe(17);
  expect(new Set(many.map(({ databaseUrl }) => databaseUrl)).size).toBe(17);
  const dropped = await testDatabase();
  await dropped.drop();
  await expect(query(dropped.databaseUrl, 'SELECT 1')).rejects.toThrow(/does not exist/);
});
