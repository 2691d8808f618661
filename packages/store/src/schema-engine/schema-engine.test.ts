import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { testDatabase, type TestDatabase } from '@retort/stack/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ENGINE = fileURLToPath(new URL('./schema-engine.mjs', import.meta.url));
const PRISMA = createRequire(import.meta.url).resolve('prisma/build/index.js');
const CONFIG = fileURLToPath(new URL('../../../../prisma.config.ts', import.meta.url));

const SCHEMA = `
datasource db {
  provider = "postgresql"
}

model Note {
  id   Int    @id @default(autoincrement())
  text String @unique
}
`;

let server: TestDatabase;
let folder: string;
beforeAll(async () => {
  server = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'retort-engine-'));
  await mkdir(join(folder, 'prisma'));
  await cp(CONFIG, join(folder, 'prisma.config.ts'));
  await writeFile(join(folder, 'prisma', 'schema.prisma'), SCHEMA);
});
afterAll(async () => {
  await query(server.databaseUrl, `DROP DATABASE IF EXISTS "${new URL(database()).pathname.slice(1)}" WITH (FORCE)`);
  await server.drop();
  await rm(folder, { recursive: true });
});

const database = () => `${server.databaseUrl}_engine`;

async function run(command: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, NO_COLOR: '1', ...env } });
  child.stdin.end();
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output: (await output).join('') };
}

/** Prisma's own CLI, with Retort's engine. */
const prisma = (args: string[], env: Record<string, string> = {}) =>
  run(process.execPath, [PRISMA, ...args], {
    PRISMA_SCHEMA_ENGINE_BINARY: ENGINE,
    CHECKPOINT_DISABLE: '1',
    DATABASE_URL: database(),
    ...env,
  });

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("Prisma's CLI on the WebAssembly engine", () => {
  const migrations = () => join(folder, 'prisma', 'migrations');
  const names = async () => (await readdir(migrations())).filter((name) => /^\d/.test(name)).sort();

  test('migrate dev creates the database, a migration, and its table', async () => {
    expect(await prisma(['migrate', 'dev', '--name', 'first'])).toMatchObject({ status: 0 });
    expect(await names()).toEqual([expect.stringMatching(/^\d{14}_first$/)]);
    const [first] = await names();
    expect(await readFile(join(migrations(), first!, 'migration.sql'), 'utf8')).toContain('CREATE TABLE "Note"');
    await query(database(), `INSERT INTO "Note" (text) VALUES ('kept')`);
  });

  test('migrate dev applies a pending migration and makes the next one, on one shadow database each, all dropped', async () => {
    await mkdir(join(migrations(), '20990101000000_function'));
    await writeFile(
      join(migrations(), '20990101000000_function', 'migration.sql'),
      'CREATE FUNCTION two() RETURNS int AS $$ BEGIN PERFORM 1; RETURN 2; END; $$ LANGUAGE plpgsql;',
    );
    await writeFile(join(folder, 'prisma', 'schema.prisma'), SCHEMA.replace('@unique', '@unique\n  size Int?'));
    expect(await prisma(['migrate', 'dev', '--name', 'size'])).toMatchObject({ status: 0 });
    expect(await names()).toHaveLength(3);
    expect(await query(database(), 'SELECT text, size, two() FROM "Note"')).toEqual([
      { text: 'kept', size: null, two: 2 },
    ]);
    const left = await query(database(), `SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'`);
    expect(left).toEqual([]);
  });

  test('migrate status and db pull read the catalogue', async () => {
    expect(await prisma(['migrate', 'status'])).toMatchObject({
      status: 0,
      output: expect.stringContaining('Database schema is up to date!') as string,
    });
    const { output } = await prisma(['db', 'pull', '--print']);
    expect(output).toMatch(/text String +@unique/);
    expect(output).toMatch(/size Int\?/);
  });

  test('migrate diff compares the migrations with the schema', async () => {
    const schema = join('prisma', 'schema.prisma');
    await writeFile(join(folder, schema), SCHEMA);
    const args = ['--from-config-datasource', '--to-schema', schema, '--script'];
    const { output } = await prisma(['migrate', 'diff', ...args]);
    expect(output).toContain('ALTER TABLE "Note" DROP COLUMN "size";');
  });

  test('a panic of the engine is an error of the CLI, with its message', async () => {
    const { status, output } = await prisma(['migrate', 'status'], { FORCE_PANIC_SCHEMA_ENGINE: '1' });
    expect(status).toBe(1);
    expect(output).toContain('This is the debugPanic artificial panic');
  });
});

describe('the engine as an executable', () => {
  const ask = async (command: string, url: string) => {
    const { status, output } = await run(ENGINE, ['--datasource', JSON.stringify({ url }), 'cli', command]);
    const fields = output
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => (JSON.parse(line) as { fields: object }).fields);
    return { status, fields };
  };

  test('it tells its version', async () => {
    expect(await run(ENGINE, ['--version'])).toEqual({
      status: 0,
      output: expect.stringMatching(/^schema-engine-wasm 7\./) as string,
    });
  });

  test("it tells why a database cannot be used by Prisma's codes", async () => {
    const wrongPassword = new URL(server.databaseUrl);
    wrongPassword.password = 'wrong';
    const reasons = [
      [server.databaseUrl, undefined],
      [`${server.databaseUrl}_missing`, 'P1003'],
      [wrongPassword.href, 'P1000'],
      ['postgresql://127.0.0.1:1/retort', 'P1001'],
    ] as const;
    for (const [url, code] of reasons) {
      const { status, fields } = await ask('can-connect-to-database', url);
      expect([url, status]).toEqual([url, code === undefined ? 0 : 1]);
      expect(fields).toEqual(
        code === undefined ? [] : [expect.objectContaining({ is_panic: false, error_code: code })],
      );
    }
    expect((await ask('create-database', server.databaseUrl)).fields).toMatchObject([{ error_code: 'P1009' }]);
  });
});
