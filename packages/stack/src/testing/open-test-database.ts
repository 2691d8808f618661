import { openDatabase, type Database } from '@retort/store';
import { afterAll } from 'vitest';
import { testDatabase } from './test-database.js';

/** A test file's own database, open, and a Redis database beside it. */
export interface OpenTestDatabase {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** Makes and opens a migrated database for a test file, which awaits it at its top level; it is dropped after all of its tests. */
export async function openTestDatabase(): Promise<OpenTestDatabase> {
  const database = await testDatabase();
  const { databaseUrl, redisUrl } = database;
  const db = openDatabase(databaseUrl);
  afterAll(async () => {
    await db.$disconnect();
    await database.drop();
  });
  return { db, databaseUrl, redisUrl };
}
