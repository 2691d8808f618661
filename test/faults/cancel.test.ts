import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishedJobs, jobsWhen, named, submit, tinyNet, tinySpec, type JobSeen } from '../support/experiments.js';
import { running } from '../support/processes.js';
import { startRetort, type TestApi, type TestRetort } from '../support/retort.js';

const GRACE_SECONDS = 2;
const HUNG_SEED = 13;
const told = join(tmpdir(), `retort-hung-${randomUUID()}`);
/** At one seed, the child starts a process and then never hears of anything again. */
const hanging = `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  process.on('message', ({ type, job }) => {
    if (type !== 'run' || job.seed !== ${HUNG_SEED}) return;
    const { pid } = spawn('sleep', ['1000'], { stdio: 'ignore' });
    writeFileSync(${JSON.stringify(told)}, process.pid + ' ' + pid);
    for (;;);
  });`;

let retort: TestRetort;
let other: TestApi;
beforeAll(async () => {
  retort = await startRetort();
  other = await retort.startApi();
  await retort.startWorker({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hanging)}`,
    RETORT_GRACE_SECONDS: String(GRACE_SECONDS),
  });
});
afterAll(async () => {
  await retort.stop();
  await rm(told, { force: true });
});

const spec = (changes: object) => tinySpec({ models: { plain: { ...tinyNet, epochs: 60 } }, reuse: false, ...changes });
const isRunning = (jobs: JobSeen[]) => jobs.some(({ status }) => status === 'running');

it('cancels from another API process, with all that waits for the job', async () => {
  const attacks = { fgsm: { attack: 'fgsm', examples: { count: 5 } } };
  const id = await submit(retort, spec({ seeds: [1, 2], attacks }));
  await jobsWhen(retort, id, isRunning);
  expect((await other.post(`/v1/experiments/${id}/cancel`)).status).toBe(202);
  const jobs = await finishedJobs(retort, id);
  expect(jobs).toHaveLength(4);
  for (const job of jobs) expect(job, job.name).toMatchObject({ status: 'cancelled' });
  expect((await retort.get<{ status: string }>(`/v1/experiments/${id}`)).status).toBe('cancelled');
});

it('ends a child that hears of nothing, and what it has started, and goes on', async () => {
  const id = await submit(retort, spec({ seeds: [HUNG_SEED] }));
  const [job] = await jobsWhen(retort, id, isRunning);
  await expect.poll(() => readFile(told, 'utf8').catch(() => '')).not.toBe('');
  expect((await other.post(`/v1/jobs/${job!.id}/cancel`)).status).toBe(202);
  const asked = performance.now();
  expect((await finishedJobs(retort, id))[0]).toMatchObject({ status: 'cancelled', reason: 'cancelled_by_request' });
  // The promise is thirty seconds.
  expect(performance.now() - asked).toBeLessThan(30_000);
  const pids = (await readFile(told, 'utf8')).split(' ').map(Number);
  await expect.poll(() => running(pids)).toEqual([]);

  const short = spec({ models: { plain: tinyNet } });
  expect(named(await finishedJobs(retort, await submit(retort, short)), 'plain').status).toBe('succeeded');
});
