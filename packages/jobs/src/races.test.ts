import { setTimeout as after } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { cancelExperiment, cancelJob } from './cancel.js';
import { claimTask, type Lease } from './claim.js';
import { finishTask, type Outcome } from './finish.js';
import { submitExperiment } from './submit.js';
import { engine, familySpec, net, netResult } from './testing/fixtures.js';

const { db } = await openTestDatabase();

const EXPERIMENTS = 25;
const JOBS = 40;
const now = new Date(Date.UTC(2026, 0, 1));

/** The ways in which a worker ends an attempt. */
const endings: readonly Outcome[] = [
  { type: 'succeeded', result: netResult, artifacts: [] },
  { type: 'ended', reason: 'diverged', detail: 'the loss was NaN' },
  // This one would be tried again.
  { type: 'ended', reason: 'child_exited', detail: 'exit code 1' },
  { type: 'ended', reason: 'worker_drained', detail: 'it was asked to stop' },
];

async function claimAll(experimentId: string): Promise<Lease[]> {
  const tasks = await db.task.findMany({ where: { job: { experimentId } }, orderBy: { id: 'asc' } });
  const leases: Lease[] = [];
  for (const { id: taskId, attempt } of tasks) {
    const claim = await claimTask({ db, now }, { taskId, attempt, workerId: 'wrk_race', engine, leaseSeconds: 30 });
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
    leases.push(claim.task.lease);
  }
  return leases;
}

it('ends each job once in a thousand races of cancel against finish', async () => {
  const body = familySpec({
    models: { plain: net },
    attacks: {},
    seeds: Array.from({ length: JOBS }, (_, seed) => seed),
  });
  const experiments: string[] = [];
  for (let count = 0; count < EXPERIMENTS; count++) {
    const submission = await submitExperiment({ db, now }, { body: { ...body, reuse: false } });
    if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
    experiments.push(submission.experimentId);
  }
  const race = async (experimentId: string, whole: boolean) => {
    const leases = await claimAll(experimentId);
    // A cancellation reads before it takes the lock: given some milliseconds, either side may come first.
    const finishes = leases.map(async (lease, index) => {
      await after(Math.random() * 4);
      return finishTask({ db, now }, lease, endings[index % endings.length]!);
    });
    const cancels = whole
      ? [after(Math.random() * 40).then(() => cancelExperiment({ db, now }, experimentId))]
      : leases.map(async ({ jobId }) => {
          await after(Math.random() * 4);
          return cancelJob({ db, now }, jobId);
        });
    expect(new Set(await Promise.all(finishes))).toEqual(new Set(['recorded']));
    await Promise.all(cancels);
    // What came to be queued again after its experiment was cancelled is another race, that the next cancellation wins.
    if (whole) await cancelExperiment({ db, now }, experimentId);
  };
  await Promise.all(experiments.map((experimentId, index) => race(experimentId, index % 5 === 4)));

  const jobs = await db.job.findMany({ include: { tasks: true } });
  expect(jobs).toHaveLength(EXPERIMENTS * JOBS);
  const won: Record<string, number> = {};
  for (const { status, tasks } of jobs) {
    won[status] = (won[status] ?? 0) + 1;
    expect(tasks).toMatchObject([{ status, leaseToken: null, leaseExpiresAt: null }]);
  }
  expect(Object.keys(won).sort()).toEqual(['cancelled', 'failed', 'succeeded']);
  // Neither side always came first, or nothing raced.
  expect(Math.min(...Object.values(won))).toBeGreaterThan(20);

  for (const experimentId of experiments) {
    expect(await db.experiment.findUnique({ where: { id: experimentId } })).toMatchObject({
      openJobs: 0,
      finishedAt: now,
    });
    const events = await db.event.findMany({ where: { experimentId }, orderBy: { seq: 'asc' } });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const ends = events.filter(({ type }) => /^job\.(succeeded|failed|cancelled)$/.test(type));
    expect(new Set(ends.map(({ jobId }) => jobId)).size).toBe(JOBS);
    expect(ends).toHaveLength(JOBS);
    expect(events.filter(({ type }) => type === 'experiment.finished')).toHaveLength(1);
  }
});
