import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testDatabase, type TestDatabase } from '@retort/stack/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

const entry = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

let database: TestDatabase;
let folder: string;
let up: ChildProcess;
let said = '';
let api: string;
beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'retort-up-'));
});
afterAll(async () => {
  up.kill('SIGKILL');
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

interface WorkerSeen {
  id: string;
  pid: number;
  status: string;
}
const newestWorker = async () => ((await (await fetch(`${api}/v1/workers`)).json()) as { data: WorkerSeen[] }).data[0]!;

async function start(): Promise<void> {
  said = '';
  up = spawn(process.execPath, [entry, 'up'], {
    env: {
      ...process.env,
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: database.redisUrl,
      RETORT_PREFIX: `retort-${new URL(database.databaseUrl).pathname.slice(1)}`,
      RETORT_DATA: folder,
      RETORT_ENGINE: 'wasm',
      RETORT_CONCURRENCY: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  up.stdout!.on('data', (text: Buffer) => (said += text.toString()));
  await expect.poll(() => said).toContain('Retort is up');
  api = /API\s+(http:\S+)\/v1/.exec(said)![1]!;
}

it('stays up without a worker that was drained, and says so', async () => {
  await start();
  const { id } = await newestWorker();
  expect((await fetch(`${api}/v1/workers/${id}/drain`, { method: 'POST' })).status).toBe(202);
  await expect.poll(() => said).toContain('the worker was drained');
  expect(await newestWorker()).toMatchObject({ id, status: 'offline' });
  up.kill('SIGTERM');
  expect(await once(up, 'exit')).toEqual([0, null]);
});

it('does not wait for ever for a worker that is stopped', async () => {
  await start();
  const { pid } = await newestWorker();
  process.kill(pid, 'SIGSTOP');
  await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) T /);
  up.kill('SIGTERM');
  expect(await once(up, 'exit')).toEqual([0, null]);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
