import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import type { Reason } from '@retort/contracts';
import { cancelExperiment, cancelJob } from './cancel.js';
import { claimTask, type ClaimedTask } from './claim.js';
import { finishTask } from './finish.js';
import { pause, resume } from './pause.js';
import { readJob } from './read/jobs.js';
import { reconcile } from './reconcile.js';
import { submitExperiment } from './submit.js';
import { engine, familySpec, keepWeights, net, netResult, RecordingQueue } from './testing/fixtures.js';

const { db } = await openTestDatabase();
let seconds = 0;
let seed = 0;

/** A moment after all the moments before it, so that no test waits. */
const clocked = (step = 1) => ({ db, now: new Date(Date.UTC(2026, 0, 1) + (seconds += step) * 1000) });

/** A spec whose jobs equal those of no other test. */
const newSpec = (changes = {}) => familySpec({ seeds: [++seed], ...changes });

async function submit(body: unknown): Promise<string> {
  const submission = await submitExperiment(clocked(), { body });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  return submission.experimentId;
}

async function jobNamed(experimentId: string, name: string) {
  return db.job.findFirstOrThrow({ where: { experimentId, name }, include: { tasks: true, artifacts: true } });
}

async function statuses(experimentId: string): Promise<Record<string, string>> {
  const jobs = await db.job.findMany({ where: { experimentId }, orderBy: { ordinal: 'asc' } });
  return Object.fromEntries(jobs.map(({ name, status }) => [name, status]));
}

async function claim(experimentId: string, name: string): Promise<ClaimedTask> {
  const { tasks } = await jobNamed(experimentId, name);
  const { id: taskId, attempt } = tasks[0]!;
  const claimed = await claimTask(clocked(), { taskId, attempt, workerId: 'wrk', engine, leaseSeconds: 30 });
  if (claimed.outcome !== 'claimed') throw new Error(`${name} is not available`);
  return claimed.task;
}

const success = async () => ({ type: 'succeeded' as const, result: netResult, artifacts: [await keepWeights(db)] });

async function succeed(experimentId: string, name: string): Promise<void> {
  const { lease } = await claim(experimentId, name);
  expect(await finishTask(clocked(), lease, await success())).toBe('recorded');
}

async function fail(experimentId: string, name: string, reason: Reason): Promise<void> {
  const { lease } = await claim(experimentId, name);
  expect(await finishTask(clocked(), lease, { type: 'ended', reason, detail: 'as it must' })).toBe('recorded');
}

const family = ['teacher', 'student', 'fgsm on teacher', 'fgsm on student'];

describe('a job equal to one that is computed now', () => {
  it('waits for its result, and takes it over with its artifacts', async () => {
    const spec = newSpec();
    const first = await submit(spec);
    const second = await submit(spec);
    const leader = await jobNamed(first, 'teacher');
    const follower = await jobNamed(second, 'teacher');
    expect(follower).toMatchObject({ status: 'blocked', followsId: leader.id, tasks: [{ status: 'blocked' }] });
    expect(await db.outbox.count({ where: { task: { jobId: follower.id } } })).toBe(0);
    const view = await readJob({ ...clocked(), kindLimits: new Map() }, follower.id);
    expect(view!.waiting_for).toMatchObject({ what: 'job', job: leader.id });

    await succeed(first, 'teacher');
    expect(await jobNamed(second, 'teacher')).toMatchObject({
      status: 'succeeded',
      reason: 'reused',
      reusedFromId: leader.id,
      followsId: null,
      result: netResult,
      artifacts: [{ name: 'weights', sha256: 'a'.repeat(64) }],
    });
    // Its child is equal to one that was queued meanwhile.
    expect(await jobNamed(second, 'student')).toMatchObject({
      status: 'blocked',
      waitingFor: 0,
      followsId: (await jobNamed(first, 'student')).id,
    });
    for (const name of family.slice(1)) await succeed(first, name);
    expect(new Set(Object.values(await statuses(second)))).toEqual(new Set(['succeeded']));
    const { finishedAt } = await db.experiment.findUniqueOrThrow({ where: { id: second } });
    expect(finishedAt).not.toBeNull();
    expect(await db.attempt.count({ where: { task: { job: { experimentId: second } } } })).toBe(0);
  });

  it('waits also where both are of one experiment', async () => {
    const spec = newSpec({ models: { one: net, other: net }, attacks: {} });
    const id = await submit(spec);
    expect(await statuses(id)).toEqual({ one: 'queued', other: 'blocked' });
    await succeed(id, 'one');
    expect(await statuses(id)).toEqual({ one: 'succeeded', other: 'succeeded' });
  });

  it('finds what has succeeded between its submission and its turn', async () => {
    const spec = newSpec({ attacks: {} });
    const first = await submit(spec);
    const second = await submit({ ...spec, reuse: false });
    for (const name of ['teacher', 'student']) await succeed(first, name);
    // Only the teacher of the third is reused: its student waits while another experiment's is computed.
    const third = await submit({
      ...spec,
      models: { teacher: net, student: { ...spec.models.student, temperature: 9 } },
    });
    expect(await statuses(third)).toEqual({ teacher: 'succeeded', student: 'queued' });
    expect(await statuses(second)).toEqual({ teacher: 'queued', student: 'blocked' });
  });

  it('is computed itself where it may reuse nothing; others may follow it', async () => {
    const spec = newSpec({ attacks: {}, models: { teacher: net } });
    const first = await submit({ ...spec, reuse: false });
    const second = await submit({ ...spec, reuse: false });
    const third = await submit(spec);
    expect((await statuses(second)).teacher).toBe('queued');
    expect(await jobNamed(third, 'teacher')).toMatchObject({ followsId: (await jobNamed(first, 'teacher')).id });
    await succeed(first, 'teacher');
    expect((await statuses(third)).teacher).toBe('succeeded');
    expect((await statuses(second)).teacher).toBe('queued');
  });

  it('does not wait with it for an engine that it does not need itself', async () => {
    const spec = newSpec({ attacks: {}, models: { teacher: net } });
    const [first, second] = [await submit({ ...spec, engine: 'gpu' }), await submit({ ...spec, engine: 'gpu' })];
    expect([await statuses(first), await statuses(second)]).toEqual([{ teacher: 'queued' }, { teacher: 'blocked' }]);
    const third = await submit(spec);
    expect(await statuses(third)).toEqual({ teacher: 'queued' });
    await succeed(third, 'teacher');
    await cancelExperiment(clocked(), first);
    expect(await jobNamed(second, 'teacher')).toMatchObject({ reusedFromId: (await jobNamed(third, 'teacher')).id });
  });

  it('leads in its place once it is cancelled', async () => {
    const spec = newSpec();
    const [first, second, third] = [await submit(spec), await submit(spec), await submit(spec)];
    const { lease } = await claim(first, 'teacher');
    await cancelExperiment(clocked(), first);
    expect((await statuses(second)).teacher).toBe('blocked');
    await finishTask(clocked(), lease, { type: 'ended', reason: 'cancelled_by_request', detail: 'stopped' });
    expect((await statuses(second)).teacher).toBe('queued');
    expect(await jobNamed(third, 'teacher')).toMatchObject({ followsId: (await jobNamed(second, 'teacher')).id });
    for (const name of family) await succeed(second, name);
    expect(new Set(Object.values(await statuses(third)))).toEqual(new Set(['succeeded']));
  });

  it('leads in its place while it is paused, which goes on by itself once it is resumed', async () => {
    const spec = newSpec({ attacks: {}, models: { teacher: net } });
    const [first, second] = [await submit(spec), await submit(spec)];
    const paused = await jobNamed(first, 'teacher');
    const { lease } = await claim(first, 'teacher');
    await pause(clocked(), { jobId: paused.id });
    await finishTask(clocked(), lease, { type: 'ended', reason: 'paused_by_request', detail: 'stopped' });
    expect([await statuses(first), await statuses(second)]).toEqual([{ teacher: 'paused' }, { teacher: 'queued' }]);
    await resume(clocked(), { jobId: paused.id });
    expect(await statuses(first)).toEqual({ teacher: 'queued' });
    await succeed(second, 'teacher');
    await succeed(first, 'teacher');
    expect(await jobNamed(first, 'teacher')).toMatchObject({ reason: 'completed', reusedFromId: null });
  });

  it('fails with it where the work itself is at fault, and is computed where something else was', async () => {
    const spec = newSpec({ attacks: {}, models: { teacher: net } });
    const [first, second] = [await submit(spec), await submit(spec)];
    await fail(first, 'teacher', 'computation_failed');
    expect(await statuses(second)).toEqual({ teacher: 'queued' });
    const third = await submit(spec);
    await fail(second, 'teacher', 'diverged');
    const { id } = await jobNamed(second, 'teacher');
    const detail = `equal to ${id}, which failed: as it must`;
    expect(await jobNamed(third, 'teacher')).toMatchObject({ status: 'failed', reason: 'diverged', detail });
    // Who asks anew wants it tried anew.
    expect(await statuses(await submit(spec))).toEqual({ teacher: 'queued' });
  });

  it('can be cancelled and paused on its own', async () => {
    const spec = newSpec({ attacks: {}, models: { teacher: net } });
    const [first, second, third] = [await submit(spec), await submit(spec), await submit(spec)];
    await cancelJob(clocked(), (await jobNamed(second, 'teacher')).id);
    await pause(clocked(), { experimentId: third });
    await succeed(first, 'teacher');
    expect([await statuses(second), await statuses(third)]).toEqual([{ teacher: 'cancelled' }, { teacher: 'paused' }]);
    await resume(clocked(), { experimentId: third });
    expect(await jobNamed(third, 'teacher')).toMatchObject({ status: 'succeeded', reason: 'reused' });
  });

  it('is settled by the reconciler where a crash came between', async () => {
    const spec = newSpec({ attacks: {}, models: { teacher: net } });
    const [first, second, third] = [await submit(spec), await submit(spec), await submit(spec)];
    // The leader's end as it is committed, without what follows it.
    await db.job.updateMany({ where: { experimentId: first }, data: { status: 'cancelled' } });
    await db.job.updateMany({ where: { experimentId: third }, data: { followsId: 'job_none' } });
    expect((await reconcile(clocked(), new RecordingQueue())).followersSettled).toBe(2);
    expect([await statuses(second), await statuses(third)]).toEqual([{ teacher: 'queued' }, { teacher: 'blocked' }]);
    expect(await jobNamed(third, 'teacher')).toMatchObject({ followsId: (await jobNamed(second, 'teacher')).id });
  });

  it('is not computed twice by twenty experiments at once, nor for one whose leader is cancelled', async () => {
    for (const cancelled of [false, true]) {
      const spec = newSpec();
      const ids = await Promise.all(Array.from({ length: 20 }, () => submit(spec)));
      if (cancelled) {
        const queued = await db.job.findMany({ where: { experimentId: { in: ids }, status: 'queued' } });
        await cancelExperiment(clocked(), ids.splice(ids.indexOf(queued[0]!.experimentId), 1)[0]!);
      }
      for (;;) {
        const tasks = await db.task.findMany({
          where: { status: 'queued', job: { experimentId: { in: ids } } },
          include: { job: true },
        });
        if (tasks.length === 0) break;
        expect(new Set(tasks.map(({ job }) => job.fingerprint)).size).toBe(tasks.length);
        await Promise.all(
          tasks.map(async ({ id: taskId, attempt }) => {
            const claimed = await claimTask(clocked(), { taskId, attempt, workerId: 'wrk', engine, leaseSeconds: 30 });
            if (claimed.outcome === 'claimed') await finishTask(clocked(), claimed.task.lease, await success());
          }),
        );
      }
      const jobs = await db.job.findMany({ where: { experimentId: { in: ids } } });
      expect(jobs).toHaveLength(ids.length * 4);
      expect(new Set(jobs.map(({ status }) => status))).toEqual(new Set(['succeeded']));
      const attempts = await db.attempt.findMany({
        where: { task: { job: { experimentId: { in: ids } } } },
        select: { task: { select: { job: { select: { fingerprint: true } } } } },
      });
      expect(attempts).toHaveLength(4);
      expect(new Set(attempts.map(({ task }) => task.job.fingerprint)).size).toBe(4);
      const experiments = await db.experiment.findMany({ where: { id: { in: ids } } });
      expect(experiments.every(({ finishedAt, openJobs }) => finishedAt && openJobs === 0)).toBe(true);
    }
  });
});
