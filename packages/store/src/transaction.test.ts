import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '@retort/stack/testing';
import { isDatabaseAway } from './database-away.js';
import { openDatabase, type Database } from './database.js';
import type { SqlRunner, SqlTransaction } from './statement.js';

let database: TestDatabase;
/** With one connection: whatever kept it would stop all that follows. */
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openDatabase(database.databaseUrl, { poolSize: 1 });
  await db.sql.$executeRaw`CREATE TABLE notes (id int PRIMARY KEY, text text)`;
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const write = (sql: SqlRunner, id: number) => sql.$executeRaw`INSERT INTO notes (id, text) VALUES (${id}, 'x')`;
const ids = async () => {
  const rows = await db.sql.$queryRaw<{ id: number }[]>`SELECT id FROM notes ORDER BY id`;
  return rows.map(({ id }) => id);
};

it('parses what it reads as Prisma parses it', async () => {
  const at = new Date('2026-11-26T05:00:00.123Z');
  const read = (sql: SqlRunner) => sql.$queryRaw`
    SELECT ${at}::timestamptz AS at, ${'2'}::int8 AS whole, 3::int AS small, 0.1::float8 AS part, ${'{"a":[1,null]}'}::jsonb AS json,
      ${'{"b":1}'}::json AS ordered, ${['a', 'b"']}::text[] AS list, ${[1, null]}::int[] AS numbers, ${true}::bool AS yes,
      ${null}::text AS none, 'whole'::task_role AS role`;
  const row = {
    at,
    whole: 2n,
    small: 3,
    part: 0.1,
    json: { a: [1, null] },
    ordered: { b: 1 },
    list: ['a', 'b"'],
    numbers: [1, null],
    yes: true,
    none: null,
    role: 'whole',
  };
  expect(await read(db.sql)).toEqual([row]);
  expect(await read(db)).toEqual([row]);
});

it('commits what its work has done, and nothing of what throws', async () => {
  expect(await db.transaction((tx) => write(tx, 1))).toBe(1);
  const failing = db.transaction(async (tx) => {
    await write(tx, 2);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await expect(db.transaction((tx) => write(tx, 1))).rejects.toMatchObject({ code: '23505' });
  expect(await ids()).toEqual([1]);
});

it('does not pass over a statement that failed', async () => {
  const careless = db.transaction(async (tx) => {
    await write(tx, 3);
    await write(tx, 1).catch(() => undefined);
  });
  await expect(careless).rejects.toMatchObject({ code: '23505' });
  expect(await ids()).toEqual([1]);
});

it('sends statements without waiting, and fails with the first of them that does', async () => {
  const sent = await db.transaction(async (tx) => {
    for (const id of [20, 21]) tx.$send`INSERT INTO notes (id, text) VALUES (${id}, 'sent')`;
    return tx.$queryRaw`SELECT id FROM notes WHERE text = 'sent' ORDER BY id`;
  });
  expect(sent).toEqual([{ id: 20 }, { id: 21 }]);
  const failing = (last: (tx: SqlTransaction) => Promise<unknown>) =>
    db.transaction(async (tx) => {
      tx.$send`INSERT INTO notes (id, text) VALUES (22, 'sent')`;
      tx.$send`INSERT INTO notes (id, text) VALUES (1, 'sent')`;
      tx.$send`INSERT INTO nowhere VALUES (1)`;
      await last(tx);
    });
  const first = { code: '23505' };
  await expect(failing(() => Promise.resolve())).rejects.toMatchObject(first);
  await expect(failing((tx) => write(tx, 23))).rejects.toMatchObject(first);
  await db.sql.$executeRaw`DELETE FROM notes WHERE id IN (20, 21)`;
  expect(await ids()).toEqual([1]);
});

it('asks what follows the commit outside of it', async () => {
  const seen = await db.transaction(async (tx) => {
    tx.$send`INSERT INTO notes (id, text) VALUES (30, 'committed')`;
    tx.$commit();
    await expect(write(tx, 30)).rejects.toMatchObject({ code: '23505' });
    return tx.$queryRaw`SELECT text FROM notes WHERE id = 30`;
  });
  expect(seen).toEqual([{ text: 'committed' }]);
  const failing = db.transaction(async (tx) => {
    tx.$send`DELETE FROM notes WHERE id = 30`;
    tx.$send`INSERT INTO notes (id, text) VALUES (1, 'x')`;
    tx.$commit();
    return tx.$queryRaw`SELECT 1`;
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  await db.sql.$executeRaw`DELETE FROM notes WHERE id = 30`;
  expect(await ids()).toEqual([1]);
});

it('gives up what takes too long, and goes on over another connection', async () => {
  const slow = db.transaction((tx) => tx.$queryRaw`SELECT pg_sleep(20)`, { timeLimitMs: 200 });
  const error: unknown = await slow.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ message: 'the transaction took longer than 200 ms' });
  expect(isDatabaseAway(error)).toBe(true);

  const idle = db.transaction((tx) => new Promise((done) => setTimeout(done, 400)).then(() => write(tx, 4)), {
    timeLimitMs: 200,
  });
  expect(isDatabaseAway(await idle.catch((reason: unknown) => reason))).toBe(true);
  expect(await ids()).toEqual([1]);
});

it("lets Prisma's transactions wait for a connection longer than Prisma would", async () => {
  const others = db.transaction(() => new Promise((done) => setTimeout(done, 2200)));
  expect(await db.$transaction((tx) => tx.$queryRaw`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  await others;
});

it('tells that the database is away, and comes back', async () => {
  const killed = db.transaction((tx) => tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`);
  expect(isDatabaseAway(await killed.catch((reason: unknown) => reason))).toBe(true);
  expect(await ids()).toEqual([1]);

  const nobody = openDatabase('postgresql://retort@localhost:1/retort');
  for (const ask of [() => nobody.sql.$queryRaw`SELECT 1`, () => nobody.transaction((tx) => tx.$queryRaw`SELECT 1`)]) {
    expect(isDatabaseAway(await ask().catch((reason: unknown) => reason))).toBe(true);
  }
  await nobody.$disconnect();
});

it('lives through a migration: at once where a column comes, after one failure where the type of one changes', async () => {
  const read = () => db.transaction((tx) => tx.$queryRaw<unknown[]>`SELECT text FROM notes`);
  await read();
  await db.$executeRaw`ALTER TABLE notes ADD COLUMN more int`;
  expect(await read()).toEqual([{ text: 'x' }]);
  await db.$executeRaw`ALTER TABLE notes ALTER COLUMN text TYPE int USING 7`;
  await expect(read()).rejects.toThrow('cached plan must not change result type');
  expect(await read()).toEqual([{ text: 7 }]);
});

it('prepares a statement once, whatever its values', async () => {
  for (const id of [10, 11, 12]) await db.transaction((tx) => tx.$executeRaw`DELETE FROM notes WHERE id = ${id}`);
  const prepared = await db.sql.$queryRaw<{ statement: string }[]>`SELECT statement FROM pg_prepared_statements`;
  expect(prepared.filter(({ statement }) => statement.startsWith('DELETE'))).toEqual([
    { statement: 'DELETE FROM notes WHERE id = $1' },
  ]);
});
