import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishedJobs, jobsWhen, submit, tinyNet, tinySpec } from '../support/experiments.js';
import { childrenOf, running } from '../support/processes.js';
import { startRetort, type TestRetort } from '../support/retort.js';
import { drain, workerOf, workersOf } from '../support/workers.js';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
});
afterAll(() => retort.stop());

const JOBS = 24;

it('loses nothing in a rolling restart of all workers', async () => {
  const workers = await Promise.all([1, 2, 3].map(() => retort.startWorker()));
  const id = await submit(
    retort,
    tinySpec({
      dataset: { name: 'mnist', train: 1000, validation: 100, test: 200 },
      models: { plain: { ...tinyNet, epochs: 4, minimum_accuracy: 0 } },
      seeds: Array.from({ length: JOBS }, (_, seed) => seed),
      // One that counted would fail its job.
      limits: { max_attempts: 1 },
    }),
  );
  const ended = (count: number) =>
    jobsWhen(retort, id, (jobs) => jobs.filter(({ status }) => status === 'succeeded').length >= count);

  const children: number[] = [];
  const ways = [
    (worker: ChildProcess) => Promise.resolve(worker.kill('SIGTERM')),
    (worker: ChildProcess) => drain(retort, worker),
    (worker: ChildProcess) => drain(retort, worker),
  ];
  for (const [index, worker] of workers.entries()) {
    await ended(2 + 3 * index);
    children.push(...(await childrenOf(worker.pid!)));
    const gone = once(worker, 'exit');
    await ways[index]!(worker);
    expect(await gone).toEqual([0, null]);
    expect(await workerOf(retort, worker)).toMatchObject({ status: 'offline', running: 0 });
    await retort.startWorker();
  }

  const jobs = await finishedJobs(retort, id);
  expect(jobs).toHaveLength(JOBS);
  for (const job of jobs) expect(job).toMatchObject({ status: 'succeeded', attempts: { spent: 0 } });

  expect(await running(children)).toEqual([]);
  const online = (await workersOf(retort)).filter(({ status }) => status === 'online').map((worker) => worker.id);
  expect(online).toHaveLength(3);
  const scratch = await readdir(join(retort.folder, 'scratch'));
  expect(scratch.filter((folder) => !online.includes(folder))).toEqual([]);
});
