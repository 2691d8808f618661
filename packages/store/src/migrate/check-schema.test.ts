import { testDatabase, type TestDatabase } from '@retort/stack/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Database } from '../database.js';
import { checkSchema, SchemaError } from './check-schema.js';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  db = openDatabase(database.databaseUrl);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

test('a database that this version has migrated is right', async () => {
  await expect(checkSchema(db)).resolves.toBeUndefined();
});

test('a database of a newer version is refused with what is not known', async () => {
  await db.$executeRaw`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
    VALUES ('1', '', '29990101000000_from_the_future', now())`;
  await expect(checkSchema(db)).rejects.toThrow(SchemaError);
  await expect(checkSchema(db)).rejects.toThrow(/newer version.*29990101000000_from_the_future/);
  await db.$executeRaw`DELETE FROM _prisma_migrations WHERE id = '1'`;
});

test('a database of an older version is refused with what it lacks, and an empty one with all', async () => {
  await db.$executeRaw`
    DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`;
  await expect(checkSchema(db)).rejects.toThrow(/older version.*lacks \d{14}_\w+\. Apply them with/);
  await db.$executeRaw`DROP TABLE _prisma_migrations`;
  await expect(checkSchema(db)).rejects.toThrow(/lacks 20261122000000_first_light, /);
});
