import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  finishedJobs,
  jobsOf,
  jobsWhen,
  named,
  sha256Of,
  submit,
  tinyNet,
  tinySpec,
  type JobSeen,
} from './support/experiments.js';
import { startRetort, type TestRetort } from './support/retort.js';

const terms = { RETORT_LEASE_SECONDS: '3', RETORT_HEARTBEAT_SECONDS: '1', RETORT_CHECKPOINT_SECONDS: '1' };

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
  await Promise.all([retort.startWorker(terms), retort.startWorker(terms)]);
});
afterAll(() => retort.stop());

interface TaskSeen {
  role: string;
  shard: number;
  status: string;
  worker_id: string;
}

async function tasksOf({ id }: JobSeen): Promise<TaskSeen[]> {
  return (await retort.get<{ data: TaskSeen[] }>(`/v1/jobs/${id}/tasks`)).data;
}

/** What a job found, without what tells how, when and how fast. */
function foundBy({ result, artifacts }: JobSeen) {
  const { provenance: _, ...found } = result!;
  return { found, artifacts: artifacts.map(({ name, sha256 }) => [name, sha256]) };
}

const loud = { kind: 'deploy', model: 'plain', deployment_temperature: 0.1 };
const pgd = { attack: 'pgd', parameters: { epsilon: 0.2, steps: 10 }, examples: { count: 40 } };
const cw = { attack: 'cw-l2', parameters: { binary_search_steps: 2, steps: 100 }, examples: { count: 40 } };
const claim = { epsilon: 0.1, effort: 'quick', examples: { count: 40 } };
const split = tinySpec({
  models: { plain: tinyNet, loud },
  attacks: { cw: { ...cw, models: ['plain'] }, transfer: { ...pgd, source: 'plain' } },
  evaluations: { claim: { ...claim, models: ['loud'], surrogates: ['plain'] } },
  reuse: false,
});

it('merges what two workers find of parts to what one finds of the whole, byte for byte', async () => {
  const whole = await finishedJobs(retort, await submit(retort, split));
  const parted = await finishedJobs(retort, await submit(retort, { ...split, limits: { shard_size: 7 } }));
  for (const name of ['cw on plain', 'transfer from plain on loud', 'claim of loud']) {
    const job = named(parted, name);
    expect(job.status).toBe('succeeded');
    expect(foundBy(job)).toEqual(foundBy(named(whole, name)));
    const tasks = await tasksOf(job);
    expect(tasks.map(({ role, status }) => [role, status])).toEqual([
      ...Array.from({ length: 6 }, () => ['part', 'succeeded']),
      ['merge', 'succeeded'],
    ]);
  }
  const tasks = await tasksOf(named(parted, 'cw on plain'));
  expect(new Set(tasks.map(({ worker_id }) => worker_id)).size).toBe(2);
});

/** An attack whose parts take seconds. */
const long = tinySpec({
  attacks: {
    cw: { ...cw, parameters: { binary_search_steps: 4, steps: 500, abort_early: false }, examples: { count: 20 } },
  },
  reuse: false,
});
let whole: JobSeen;

it('comes to the same when a worker is killed with -9 in the middle of its part', async () => {
  whole = named(await finishedJobs(retort, await submit(retort, long)), 'cw on plain');

  const id = await submit(retort, { ...long, limits: { shard_size: 10 } });
  const jobs = await jobsWhen(retort, id, (all) => named(all, 'cw on plain').status === 'running');
  const running = async () => {
    const tasks = await tasksOf(named(jobs, 'cw on plain'));
    return tasks.filter(({ status }) => status === 'running');
  };
  // A part takes seconds, and tells of its progress seldom: each runs on a worker of its own, and neither has ended.
  await expect.poll(async () => (await running()).map(({ shard }) => shard), { interval: 50 }).toEqual([0, 1]);
  const [part, other] = await running();
  expect(part!.worker_id).not.toBe(other!.worker_id);
  const { pid } = await retort.get<{ pid: number }>(`/v1/workers/${part!.worker_id}`);
  process.kill(pid, 'SIGKILL');

  const job = named(await finishedJobs(retort, id), 'cw on plain');
  expect(job).toMatchObject({ status: 'succeeded', attempts: { started: 4, spent: 1 } });
  expect(sha256Of(job, 'adversarial')).toBe(sha256Of(whole, 'adversarial'));
  expect(foundBy(job)).toEqual(foundBy(whole));
});

it('computes again what a part has found, where the merge finds it lost', async () => {
  const id = await submit(retort, { ...long, limits: { shard_size: 10 } });
  // One worker is left: the parts come one after the other, and the merge after both.
  await expect
    .poll(async () => (await tasksOf(named(await jobsOf(retort, id), 'cw on plain'))).map(({ status }) => status), {
      interval: 50,
    })
    .toEqual(['succeeded', 'running', 'blocked']);
  const database = new pg.Client(retort.environment.DATABASE_URL);
  await database.connect();
  const { rows } = await database.query<{ sha256: string }>(
    `SELECT outcome_sha256 AS sha256 FROM tasks JOIN jobs ON jobs.id = job_id WHERE experiment_id = $1 AND shard = 0 AND role = 'part'`,
    [id],
  );
  await database.end();
  const { sha256 } = rows[0]!;
  await rm(join(retort.folder, 'artifacts', sha256.slice(0, 2), sha256));

  const job = named(await finishedJobs(retort, id), 'cw on plain');
  expect(job).toMatchObject({ status: 'succeeded', attempts: { started: 3, spent: 0 } });
  expect(foundBy(job)).toEqual(foundBy(whole));
});
