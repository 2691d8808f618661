import { beforeEach, expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { cancelExperiment } from './cancel.js';
import { claimTask } from './claim.js';
import { deleteExperiment } from './delete-experiment.js';
import { finishTask, type Outcome } from './finish.js';
import { readEvents } from './read/events.js';
import { readExperiment } from './read/experiments.js';
import { retryExperiment } from './retry.js';
import { submitExperiment } from './submit.js';
import { engine, familySpec, keepWeights, net, netResult } from './testing/fixtures.js';
import { submitVerification } from './verify/submit-verification.js';

const { db } = await openTestDatabase();
const at = { db, now: new Date(Date.UTC(2026, 0, 1)) };
let seed = 0;
beforeEach(() => void seed++);

async function submit(changes: Record<string, unknown> = {}): Promise<string> {
  const submission = await submitExperiment(at, { body: familySpec({ seeds: [seed], ...changes }) });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  return submission.experimentId;
}

async function retry(experimentId: string): Promise<string> {
  const asked = await retryExperiment(at, { experimentId });
  if (asked.outcome !== 'accepted') throw new Error(JSON.stringify(asked));
  return asked.experimentId;
}

const succeeded: Outcome = { type: 'succeeded', result: netResult, artifacts: [] };
const failed: Outcome = { type: 'ended', reason: 'engine_unavailable', detail: 'no engine works' };

/** Ends what is queued, one after another, as `outcomeOf` says of each job's name. */
async function compute(experimentId: string, outcomeOf: (name: string) => Outcome = () => succeeded) {
  const computed: string[] = [];
  for (;;) {
    const task = await db.task.findFirst({
      where: { status: 'queued', job: { experimentId } },
      include: { job: true },
    });
    if (!task) return computed;
    const { id: taskId, attempt, job } = task;
    const claim = await claimTask(at, { taskId, attempt, workerId: 'wrk', engine, leaseSeconds: 30 });
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
    await finishTask(at, claim.task.lease, outcomeOf(job.name));
    computed.push(job.name);
  }
}

async function jobsOf(experimentId: string) {
  return db.job.findMany({
    where: { experimentId },
    orderBy: { ordinal: 'asc' },
    select: { name: true, status: true, reason: true, fingerprint: true, labels: true, spec: true, tasks: true },
  });
}

it('computes what failed and what hung on it, takes over the rest, and leaves the old experiment as it ended', async () => {
  const old = await submit();
  await compute(old, (name) => (name === 'student' ? failed : succeeded));
  const before = { experiment: await readExperiment(db, old), jobs: await jobsOf(old) };
  expect(before.jobs.map(({ reason }) => reason)).toEqual([
    'completed',
    'engine_unavailable',
    'parent_failed',
    'parent_failed',
  ]);

  const again = await retry(old);
  expect(await readExperiment(db, again)).toMatchObject({
    name: 'family',
    retry_of: old,
    status: 'running',
    jobs: { total: 4, open: 3, reused: 1 },
  });
  expect(await compute(again)).toEqual(['student', 'fgsm on teacher', 'fgsm on student']);
  const jobs = await jobsOf(again);
  expect(jobs.map(({ reason }) => reason)).toEqual(['reused', 'completed', 'completed', 'completed']);
  const planned = ({ name, fingerprint, labels, spec }: (typeof jobs)[number]) => ({ name, fingerprint, labels, spec });
  expect(jobs.map(planned)).toEqual(before.jobs.map(planned));
  expect({ experiment: await readExperiment(db, old), jobs: await jobsOf(old) }).toEqual(before);

  const events = await readEvents(db, { experimentId: again }, { after: 0, limit: 100 });
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]!.data).toEqual({ name: 'family', jobs: 4, reused: 1, retry_of: old });
  expect(events.filter(({ type }) => type === 'experiment.finished')).toHaveLength(1);
  expect(await retryExperiment(at, { experimentId: again })).toMatchObject({ outcome: 'not_retryable' });
});

it('takes over the results of the old experiment alone where its spec reuses nothing', async () => {
  const elsewhere = await submit();
  await compute(elsewhere);
  const old = await submit({ reuse: false });
  expect(await compute(old, (name) => (name.startsWith('fgsm on t') ? failed : succeeded))).toHaveLength(4);
  const again = await retry(old);
  expect(await compute(again)).toEqual(['fgsm on teacher']);
  const reused = await db.job.findMany({
    where: { experimentId: again, reusedFromId: { not: null } },
    select: { reusedFromId: true },
  });
  const own = await db.job.findMany({ where: { experimentId: old }, select: { id: true } });
  expect(reused).toHaveLength(3);
  for (const { reusedFromId } of reused) expect(own.map(({ id }) => id)).toContain(reusedFromId);
});

it('gives what had no try left all of its tries, and what was cancelled its turn', async () => {
  const spent = await submit({ models: { net }, attacks: {}, limits: { max_attempts: 1 } });
  await compute(spent, () => ({ type: 'ended', reason: 'child_exited', detail: 'killed' }));
  const cancelled = await submit({ seeds: [1000 + seed, 2000 + seed] });
  await cancelExperiment(at, cancelled);
  for (const old of [spent, cancelled]) {
    const jobs = await jobsOf(old);
    const again = await retry(old);
    expect(await compute(again)).toHaveLength(jobs.length);
    expect((await readExperiment(db, again))!.status).toBe('succeeded');
    for (const { tasks } of await jobsOf(again)) expect(tasks).toMatchObject([{ spentAttempts: 0 }]);
  }
});

// The kept spec has the first point of a grid filled in: planned from it, fgsm would have pgd's parameters.
it('makes the jobs that were posted where points of a grid have defaults of their own', async () => {
  const old = await submit({
    models: { net },
    attacks: { try: { attack: 'pgd', examples: { count: 64 } } },
    grid: { attack: { values: ['pgd', 'fgsm'], at: ['/attacks/try/attack'] } },
    limits: { shard_size: 32 },
  });
  await cancelExperiment(at, old);
  const of = async (id: string) =>
    (await jobsOf(id)).map(({ tasks, ...job }) => ({
      ...job,
      status: undefined,
      reason: undefined,
      tasks: tasks.map(({ role, shard, shards }) => ({ role, shard, shards })),
    }));
  const jobs = await of(old);
  expect(new Set(jobs.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  expect(await of(await retry(old))).toEqual(jobs);
});

it('makes one experiment for a key, also once the old one is deleted', async () => {
  const old = await submit();
  await cancelExperiment(at, old);
  const ask = () => retryExperiment(at, { experimentId: old, idempotencyKey: 'again' });
  const asked = await Promise.all(Array.from({ length: 10 }, ask));
  expect(new Set(asked.map((answer) => 'experimentId' in answer && answer.experimentId)).size).toBe(1);
  expect(await db.experiment.count({ where: { retryOfId: old } })).toBe(1);
  const other = await submit();
  await cancelExperiment(at, other);
  expect(await retryExperiment(at, { experimentId: other, idempotencyKey: 'again' })).toMatchObject({
    outcome: 'key_reused',
  });
  expect(await deleteExperiment(at, old)).toBe('deleted');
  expect(await ask()).toMatchObject({ outcome: 'accepted', replayed: true });
  expect(await retryExperiment(at, { experimentId: old })).toEqual({ outcome: 'absent' });
});

it('refuses what has not finished, and a verification, which is asked for anew', async () => {
  const open = await submit({ models: { net }, attacks: {} });
  expect(await retryExperiment(at, { experimentId: open })).toEqual({ outcome: 'running' });
  const weights = await keepWeights(db);
  await compute(open, () => ({
    type: 'succeeded',
    result: { ...netResult, provenance: { engine } } as never,
    artifacts: [weights],
  }));
  const { id: jobId } = await db.job.findFirstOrThrow({ where: { experimentId: open } });
  const verification = await submitVerification(at, { jobId, stored: {} });
  if (verification.outcome !== 'accepted') throw new Error(verification.outcome);
  const { experimentId } = await db.job.findUniqueOrThrow({ where: { id: verification.jobId } });
  await cancelExperiment(at, experimentId);
  expect(await retryExperiment(at, { experimentId })).toMatchObject({
    outcome: 'not_retryable',
    detail: expect.stringContaining(`POST /v1/jobs/${jobId}/verify`) as string,
  });
});
