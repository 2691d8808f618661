import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderStore } from '@retort/store';
import { finishedJobs, jobsWhen, named, sha256Of, submit, tinySpec } from '../support/experiments.js';
import { canMount, mountSmallDisk, type SmallDisk } from '../support/small-disk.js';
import { startRetort, type TestRetort } from '../support/retort.js';

let retort: TestRetort;
let data: string;
let disk: SmallDisk | undefined;
beforeEach(async () => {
  retort = await startRetort();
  data = await mkdtemp(join(tmpdir(), 'retort-disk-'));
});
afterEach(async () => {
  await retort.stop();
  await disk?.unmount();
  await rm(data, { recursive: true });
});

/** The files below a folder, but for the one that fills the disk. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name !== 'filler').map(({ name }) => name);
}

it.skipIf(!canMount).each([
  { what: 'artifacts', mounted: 'artifacts', said: /^the disk of .*artifacts.* is full/ },
  { what: 'artifacts and scratch files', mounted: '.', said: /^the disk of the worker's scratch files .* is full/ },
])('a full disk of $what ends no job: the task is tried again until there is room', async ({ mounted, said }) => {
  const artifacts = join(data, 'artifacts');
  disk = await mountSmallDisk(join(data, mounted), 8);
  await mkdir(artifacts, { recursive: true });
  const worker = await retort.startWorker({ RETORT_DATA: data, RETORT_STORAGE_PATIENCE_SECONDS: '0' });
  await disk.fill();
  const id = await submit(retort, tinySpec({ limits: { max_attempts: 1 } }));
  const [waiting] = await jobsWhen(retort, id, ([job]) => job!.attempts.started >= 2);
  expect(waiting!.attempts.spent).toBe(0);
  const { data: attempts } = await retort.get<{ data: { reason: string; detail: string }[] }>(
    `/v1/jobs/${waiting!.id}/attempts`,
  );
  expect(attempts[0]).toMatchObject({ reason: 'storage_unavailable', detail: expect.stringMatching(said) as string });
  // Nothing half-written, and the worker lives.
  await expect.poll(() => filesIn(artifacts)).toEqual([]);
  expect(worker.exitCode).toBeNull();

  await disk.clear();
  const job = named(await finishedJobs(retort, id), 'plain');
  expect(job).toMatchObject({ status: 'succeeded', attempts: { spent: 0 } });
  const store = new FolderStore(artifacts, { announce: () => Promise.resolve(() => Promise.resolve()) });
  expect((await store.get(sha256Of(job, 'weights'))).byteLength).toBeGreaterThan(0);
  expect(worker.exitCode).toBeNull();
});
