import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '@retort/store';
import { finishedJobs, jobsWhen, submit, tinyNet, tinySpec } from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';

let retort: TestRetort;
let db: Database;
beforeAll(async () => {
  retort = await startRetort();
  db = openDatabase(retort.environment.DATABASE_URL);
});
afterAll(async () => {
  await db?.$disconnect();
  await retort?.stop();
});

const terms = { RETORT_LEASE_SECONDS: '3', RETORT_HEARTBEAT_SECONDS: '1', RETORT_GRACE_SECONDS: '2' };

it('computes one spec once that twenty post at the same time, though a leader is cancelled and its worker killed', async () => {
  const worker = await retort.startWorker(terms);
  const models = { plain: { ...tinyNet, epochs: 6 } };
  const attacks = { fgsm: { attack: 'fgsm', examples: { count: 20, choose: 'any' } } };
  const spec = tinySpec({ models, attacks });
  const ids = await Promise.all(Array.from({ length: 20 }, () => submit(retort, spec)));

  // The one that computes is cancelled in the middle; whose turn is next loses its worker.
  const leader = () => db.job.findFirst({ where: { status: 'running', kind: 'train' } });
  await expect.poll(leader).not.toBeNull();
  const first = (await leader())!;
  expect((await retort.post(`/v1/experiments/${first.experimentId}/cancel`)).status).toBe(202);
  await jobsWhen(retort, first.experimentId, (jobs) => jobs.every(({ status }) => status === 'cancelled'));
  await expect.poll(leader).not.toBeNull();
  worker.kill('SIGKILL');
  await retort.startWorker(terms);

  const rest = ids.filter((id) => id !== first.experimentId);
  for (const id of rest) {
    const jobs = await finishedJobs(retort, id);
    expect(jobs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  }
  const computed = await db.job.findMany({ where: { experimentId: { in: rest }, reason: 'completed' } });
  expect(computed.map(({ kind }) => kind).sort()).toEqual(['attack', 'train']);
  const attempts = await db.attempt.findMany({ where: { task: { job: { experimentId: { in: rest } } } } });
  expect(attempts.map(({ reason }) => reason).sort()).toEqual(['completed', 'completed', 'lease_expired']);
});
