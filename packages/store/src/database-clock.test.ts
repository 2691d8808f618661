import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '@retort/stack/testing';
import { followDatabaseClock } from './database-clock.js';
import { openDatabase, type Database } from './database.js';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openDatabase(database.databaseUrl);
});
const onError = (error: unknown) => {
  throw error;
};

afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

async function databaseTime(): Promise<number> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  return row!.now.getTime();
}

it("tells the database's time, whatever the process's own clock says", async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2001, 0, 1) });
  const clock = followDatabaseClock(db, { onError });
  await clock.ready;
  const before = await databaseTime();
  const told = clock.now().getTime();
  const after = await databaseTime();
  // The database may have been asked for its time before or after it answered: within a round trip.
  expect(told).toBeGreaterThan(before - 1000);
  expect(told).toBeLessThan(after + 1000);

  const first = clock.now().getTime();
  vi.setSystemTime(Date.UTC(2040, 0, 1));
  expect(clock.now().getTime() - first).toBeLessThan(1000);
  clock.close();
});

it("tells the process's own time while no database has answered", async () => {
  const away = openDatabase('postgresql://nobody@127.0.0.1:1/nothing');
  const errors: unknown[] = [];
  const clock = followDatabaseClock(away, { onError: (error) => errors.push(error) });
  await clock.ready;
  expect(errors).toHaveLength(1);
  expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1000);
  clock.close();
  await away.$disconnect();
});
