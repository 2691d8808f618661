import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerWorker } from '@retort/jobs';
import { openTestDatabase } from '@retort/stack/testing';
import { removeAbandonedScratch } from './scratch.js';

const { db } = await openTestDatabase();
let folder: string;
const now = new Date(Date.UTC(2026, 0, 2));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retort-scratch-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A worker with a scratch file, last heard of so many hours ago. */
async function worker(host: string, pid: number, hours: number): Promise<string> {
  const then = new Date(now.getTime() - hours * 3_600_000);
  const id = await registerWorker({ db, now: then }, { name: 'w', host, pid, version: '0', concurrency: 1 });
  await mkdir(join(folder, id, 'task', 'outputs'), { recursive: true });
  await writeFile(join(folder, id, 'task', 'outputs', 'weights'), 'half of a net');
  return id;
}

it('removes the scratch of workers that are gone, and of no other', async () => {
  const ended = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(ended, 'exit');
  await worker(hostname(), ended.pid!, 0.1);
  await worker('elsewhere', process.pid, 25);
  const kept = [await worker(hostname(), process.pid, 25), await worker('elsewhere', ended.pid!, 0.1)];

  await removeAbandonedScratch({ db, now }, folder);

  expect((await readdir(folder)).sort()).toEqual(kept.sort());
});

it('has nothing to do where no worker ever ran', async () => {
  await expect(removeAbandonedScratch({ db, now }, join(folder, 'none'))).resolves.toBeUndefined();
});
