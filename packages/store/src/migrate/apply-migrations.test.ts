import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testDatabase, type TestDatabase } from '@retort/stack/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { applyMigrations, MigrationError } from './apply-migrations.js';
import { runPrisma } from './prisma-cli.js';

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** A body whose semicolons part no statements, as they occur in functions and quoted texts. */
const FUNCTION = `
  CREATE FUNCTION two() RETURNS int AS $$ BEGIN PERFORM 1; RETURN 2; END; $$ LANGUAGE plpgsql; -- not; here
  CREATE TABLE note (text text DEFAULT 'a;b');
  INSERT INTO note DEFAULT VALUES;`;

let server: TestDatabase;
beforeAll(async () => {
  server = await testDatabase();
});
afterAll(() => server.drop());

let databaseUrl: string;
let project: string;
let told: string[];
const log = { info: (_: object, message: string) => void told.push(message) };
beforeEach(async () => {
  told = [];
  databaseUrl = `${server.databaseUrl}_fresh`;
  project = await mkdtemp(join(tmpdir(), 'retort-project-'));
  await cp(join(REPOSITORY, 'prisma.config.ts'), join(project, 'prisma.config.ts'));
  await mkdir(join(project, 'prisma', 'migrations'), { recursive: true });
  await writeFile(join(project, 'prisma', 'schema.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n');
  await writeFile(join(project, 'prisma', 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n');
});
afterEach(async () => {
  await query(server.databaseUrl, `DROP DATABASE IF EXISTS "${new URL(databaseUrl).pathname.slice(1)}" WITH (FORCE)`);
  await rm(project, { recursive: true });
});

async function addMigration(name: string, sql: string): Promise<void> {
  const folder = join(project, 'prisma', 'migrations', name);
  await mkdir(folder);
  await writeFile(join(folder, 'migration.sql'), sql);
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test("this repository's migrations make a database from nothing, once, for all that start at the same time", async () => {
  const names = (await readdir(join(REPOSITORY, 'prisma', 'migrations'))).filter((name) => /^\d/.test(name)).sort();
  const applied = await Promise.all([1, 2, 3].map(() => applyMigrations({ databaseUrl, log })));
  expect(applied.sort((a, b) => a.length - b.length)).toEqual([[], [], names]);
  expect(told).toEqual(['Applied migrations']);
  expect(await applyMigrations({ databaseUrl, log })).toEqual([]);
  expect(await query(databaseUrl, 'SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1')).toEqual(
    names.map((name) => ({ name })),
  );
});

test('they make what prisma/schema.prisma says', async () => {
  const difference = [
    'migrate',
    'diff',
    '--from-config-datasource',
    '--to-schema',
    'prisma/schema.prisma',
    '--exit-code',
  ];
  expect(await runPrisma(difference, { databaseUrl: server.databaseUrl, project: REPOSITORY })).toEqual({
    status: 0,
    output: expect.stringContaining('No difference detected') as string,
  });
});

test('a migration runs whole, and one that is added later is applied alone', async () => {
  await addMigration('20260101000000_function', FUNCTION);
  expect(await applyMigrations({ databaseUrl, log, project })).toEqual(['20260101000000_function']);
  expect(await query(databaseUrl, 'SELECT two(), text FROM note')).toEqual([{ two: 2, text: 'a;b' }]);
  await addMigration('20260102000000_more', 'INSERT INTO note DEFAULT VALUES;');
  expect(await applyMigrations({ databaseUrl, log, project })).toEqual(['20260102000000_more']);
  expect(await query(databaseUrl, 'SELECT count(*)::int FROM note')).toEqual([{ count: 2 }]);
});

test('a migration that fails is named with what the database said, leaves nothing, and blocks later starts', async () => {
  await addMigration('20260101000000_broken', 'CREATE TABLE half (id int); SELEC 1;');
  const first = applyMigrations({ databaseUrl, log, project });
  await expect(first).rejects.toThrow(MigrationError);
  await expect(first).rejects.toThrow(/20260101000000_broken could not be applied.*syntax error at or near "SELEC"/s);
  expect(await query(databaseUrl, `SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
  await expect(applyMigrations({ databaseUrl, log, project })).rejects.toThrow(/P3009.*20260101000000_broken/s);
  expect(told).toEqual([]);
});

test('a database that cannot be reached is named without the password', async () => {
  const start = applyMigrations({ databaseUrl: 'postgresql://retort:secret@127.0.0.1:1/retort', log });
  await expect(start).rejects.toThrow(MigrationError);
  await expect(start).rejects.toThrow(/^The database retort at 127\.0\.0\.1:1 cannot be used: connect ECONNREFUSED/);
  await expect(start).rejects.not.toThrow(/secret/);
});

test('a schema other than public is refused, not ignored', async () => {
  await expect(applyMigrations({ databaseUrl: `${databaseUrl}?schema=other`, log })).rejects.toThrow(/schema "other"/);
  await expect(query(databaseUrl, 'SELECT 1')).rejects.toThrow(/does not exist/);
});
