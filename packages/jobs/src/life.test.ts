import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { cancelExperiment, cancelJob } from './cancel.js';
import { claimTask, type ClaimedTask } from './claim.js';
import { finishTask } from './finish.js';
import { renewLease } from './heartbeat.js';
import { recordProgress } from './progress.js';
import { reconcile } from './reconcile.js';
import { submitExperiment } from './submit.js';
import { engine, familySpec, keepWeights, netResult, RecordingQueue } from './testing/fixtures.js';

const { db } = await openTestDatabase();
const workerId = 'wrk_test';
let minutes = 0;

/** A moment after all the moments before it, so that no test waits. */
function later(seconds = 60): Date {
  minutes += seconds / 60;
  return new Date(Date.UTC(2026, 0, 1) + minutes * 60_000);
}

async function submit(body: unknown, idempotencyKey?: string): Promise<string> {
  const submission = await submitExperiment({ db, now: later(1) }, { body, idempotencyKey });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  return submission.experimentId;
}

/** The status of each job by its name. */
async function statuses(experimentId: string): Promise<Record<string, string>> {
  const jobs = await db.job.findMany({ where: { experimentId }, orderBy: { ordinal: 'asc' } });
  return Object.fromEntries(jobs.map(({ name, status }) => [name, status]));
}

async function jobNamed(experimentId: string, name: string) {
  return db.job.findFirstOrThrow({ where: { experimentId, name }, include: { tasks: true } });
}

async function claim(experimentId: string, name: string): Promise<ClaimedTask> {
  const { tasks } = await jobNamed(experimentId, name);
  const { id: taskId, attempt } = tasks[0]!;
  const claimed = await claimTask({ db, now: later(1) }, { taskId, attempt, workerId, engine, leaseSeconds: 30 });
  if (claimed.outcome !== 'claimed') throw new Error('not available');
  return claimed.task;
}

async function succeed(experimentId: string, name: string): Promise<void> {
  const { lease } = await claim(experimentId, name);
  const outcome = { type: 'succeeded' as const, result: netResult, artifacts: [await keepWeights(db)] };
  expect(await finishTask({ db, now: later(1) }, lease, outcome)).toBe('recorded');
}

async function events(experimentId: string): Promise<string[]> {
  const rows = await db.event.findMany({ where: { experimentId }, orderBy: { seq: 'asc' } });
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  return rows.map(({ type }) => type);
}

describe('submit', () => {
  it('queues what waits for nothing, blocks the rest, and puts each queued task into the outbox once', async () => {
    const id = await submit(familySpec({ reuse: false }));
    expect(await statuses(id)).toEqual({
      teacher: 'queued',
      student: 'blocked',
      'fgsm on teacher': 'blocked',
      'fgsm on student': 'blocked',
    });
    const outbox = await db.outbox.findMany({ where: { task: { job: { experimentId: id } } } });
    expect(outbox).toHaveLength(1);
    expect(await events(id)).toEqual(['experiment.created', 'job.queued']);
  });

  it('makes one experiment of a hundred equal requests with one key', async () => {
    const before = await db.experiment.count();
    const body = familySpec({ reuse: false });
    const submissions = await Promise.all(
      Array.from({ length: 100 }, () => submitExperiment({ db, now: later(1) }, { body, idempotencyKey: 'hundred' })),
    );
    expect(new Set(submissions.map((s) => (s.outcome === 'accepted' ? s.experimentId : s.outcome))).size).toBe(1);
    expect(submissions.filter((s) => s.outcome === 'accepted' && !s.replayed)).toHaveLength(1);
    expect(await db.experiment.count()).toBe(before + 1);
  });

  it('refuses another body under a known key', async () => {
    await submit(familySpec({ reuse: false }), 'taken');
    const other = await submitExperiment(
      { db, now: later(1) },
      { body: familySpec({ name: 'other' }), idempotencyKey: 'taken' },
    );
    expect(other.outcome).toBe('key_reused');
  });

  it('takes over equal jobs that have succeeded, unless told otherwise', async () => {
    const spec = (changes = {}) => familySpec({ seeds: [77], ...changes });
    const first = await submit(spec());
    for (const name of ['teacher', 'student', 'fgsm on teacher', 'fgsm on student']) await succeed(first, name);

    const second = await submit(spec());
    expect(new Set(Object.values(await statuses(second)))).toEqual(new Set(['succeeded']));
    const teacher = await jobNamed(second, 'teacher');
    expect(teacher).toMatchObject({ reason: 'reused', reusedFromId: (await jobNamed(first, 'teacher')).id });
    expect(teacher.result).toEqual(netResult);
    expect(teacher.tasks).toEqual([]);
    expect(await db.jobArtifact.count({ where: { jobId: teacher.id } })).toBe(1);
    expect(await events(second)).toEqual(['experiment.created', 'experiment.finished']);

    // A third one builds on the first, not on a copy; a changed student is computed, its teacher is not.
    const third = await submit(spec({ attacks: {}, metrics: { input_gradient: { examples: { count: 5 } } } }));
    expect(await jobNamed(third, 'teacher')).toMatchObject({ reusedFromId: (await jobNamed(first, 'teacher')).id });
    expect((await statuses(third))['input gradient of teacher']).toBe('queued');

    const again = await submit(spec({ reuse: false }));
    expect((await statuses(again)).teacher).toBe('queued');
  });
});

describe('claim and finish', () => {
  it('lets one of many deliveries of a task win', async () => {
    const id = await submit(familySpec({ reuse: false }));
    const task = (await jobNamed(id, 'teacher')).tasks[0]!;
    const now = later();
    const request = { taskId: task.id, attempt: 1, workerId, engine, leaseSeconds: 30 };
    const claims = await Promise.all(Array.from({ length: 20 }, () => claimTask({ db, now }, request)));
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    expect(await db.attempt.count({ where: { taskId: task.id } })).toBe(1);
  });

  it('drops deliveries of an older attempt and of tasks that are not there', async () => {
    const id = await submit(familySpec({ reuse: false }));
    const task = (await jobNamed(id, 'teacher')).tasks[0]!;
    const request = { workerId, engine, leaseSeconds: 30 };
    const stale = await claimTask({ db, now: later() }, { ...request, taskId: task.id, attempt: 0 });
    const unknown = await claimTask({ db, now: later() }, { ...request, taskId: 'task_none', attempt: 1 });
    expect([stale.outcome, unknown.outcome]).toEqual(['not_available', 'not_available']);
  });

  it('unblocks children when their last parent has succeeded, and gives them the results', async () => {
    const id = await submit(familySpec({ reuse: false }));
    await succeed(id, 'teacher');
    expect(await statuses(id)).toMatchObject({ student: 'queued', 'fgsm on teacher': 'blocked' });
    await succeed(id, 'student');
    expect(await statuses(id)).toMatchObject({ 'fgsm on teacher': 'queued', 'fgsm on student': 'queued' });

    const attack = await claim(id, 'fgsm on student');
    expect(attack.inputs.map(({ role, name }) => [role, name])).toEqual([
      ['compared:0', 'teacher'],
      ['model', 'student'],
    ]);
    expect(attack.inputs[1]!.artifacts).toEqual([{ name: 'weights', sha256: 'a'.repeat(64) }]);
    await finishTask({ db, now: later() }, attack.lease, { type: 'succeeded', result: netResult, artifacts: [] });
    await succeed(id, 'fgsm on teacher');
    expect((await events(id)).at(-1)).toBe('experiment.finished');
    expect(await db.model.count({ where: { job: { experimentId: id } } })).toBe(3);
  });

  it('fails every descendant of a failed job with a reason that names it', async () => {
    const id = await submit(familySpec({ reuse: false }));
    const { lease } = await claim(id, 'teacher');
    await finishTask({ db, now: later() }, lease, { type: 'ended', reason: 'diverged', detail: 'loss was NaN' });
    expect(new Set(Object.values(await statuses(id)))).toEqual(new Set(['failed']));
    const grandchild = await jobNamed(id, 'fgsm on student');
    expect(grandchild.reason).toBe('parent_failed');
    expect(grandchild.detail).toContain('"teacher"');
    expect(grandchild.detail).toContain('diverged');
    const experiment = await db.experiment.findUniqueOrThrow({ where: { id } });
    expect(experiment).toMatchObject({ openJobs: 0 });
    expect(experiment.finishedAt).not.toBeNull();
  });
});

describe('lease', () => {
  it('fences a worker that lost it: no progress, no result, no renewal', async () => {
    const id = await submit(familySpec({ reuse: false }));
    const { lease } = await claim(id, 'teacher');
    const now = later(31);
    expect((await reconcile({ db, now }, new RecordingQueue())).leasesExpired).toBeGreaterThan(0);
    expect(await jobNamed(id, 'teacher')).toMatchObject({
      status: 'queued',
      tasks: [{ attempt: 2, spentAttempts: 1 }],
    });

    expect(await renewLease({ db, now }, lease, { leaseSeconds: 30 })).toEqual({ outcome: 'fenced' });
    const report = { progress: { fraction: 0.5 }, points: [], epochs: [] };
    expect(await recordProgress({ db, now }, lease, report)).toBe('fenced');
    const outcome = { type: 'succeeded' as const, result: netResult, artifacts: [] };
    expect(await finishTask({ db, now }, lease, outcome)).toBe('fenced');
    expect(await jobNamed(id, 'teacher')).toMatchObject({ status: 'queued', result: null });

    await succeed(id, 'teacher');
    const attempts = await db.attempt.findMany({
      where: { task: { job: { experimentId: id } } },
      orderBy: { number: 'asc' },
    });
    expect(attempts.map(({ reason }) => reason)).toEqual(['lease_expired', 'completed']);
  });

  it('is kept by heartbeats', async () => {
    const id = await submit(familySpec({ reuse: false }));
    const { lease } = await claim(id, 'teacher');
    expect(await renewLease({ db, now: later(20) }, lease, { leaseSeconds: 30 })).toEqual({
      outcome: 'held',
    });
    await reconcile({ db, now: later(20) }, new RecordingQueue());
    expect((await statuses(id)).teacher).toBe('running');
  });

  it('fails a task whose tries are spent, and its descendants with it', async () => {
    const id = await submit(familySpec({ reuse: false, limits: { max_attempts: 2 } }));
    for (const expected of ['queued', 'failed']) {
      await claim(id, 'teacher');
      await reconcile({ db, now: later(31) }, new RecordingQueue());
      expect((await statuses(id)).teacher).toBe(expected);
    }
    expect(await jobNamed(id, 'teacher')).toMatchObject({ reason: 'lease_expired' });
    expect((await jobNamed(id, 'teacher')).detail).toContain('attempt 2 of 2');
    expect((await statuses(id)).student).toBe('failed');
  });

  it('is handed back by a draining worker without spending a try', async () => {
    const id = await submit(familySpec({ reuse: false, limits: { max_attempts: 1 } }));
    for (let times = 0; times < 5; times++) {
      const { lease } = await claim(id, 'teacher');
      await finishTask({ db, now: later() }, lease, { type: 'ended', reason: 'worker_drained', detail: 'stopping' });
      expect((await statuses(id)).teacher).toBe('queued');
    }
  });

  it('is taken back though the lock of another experiment hangs', async () => {
    const [stuck, free] = [await submit(familySpec({ reuse: false })), await submit(familySpec({ reuse: false }))];
    await claim(stuck, 'teacher');
    await claim(free, 'teacher');
    const now = later();
    const round = () => reconcile({ db, now }, new RecordingQueue());
    await db.transaction(async (tx) => {
      await tx.$executeRaw`SELECT id FROM experiments WHERE id = ${stuck} FOR UPDATE`;
      await round();
    });
    expect([(await statuses(stuck)).teacher, (await statuses(free)).teacher]).toEqual(['running', 'queued']);
    await round();
    expect((await statuses(stuck)).teacher).toBe('queued');
  });

  it('ends a task that runs too long', async () => {
    const id = await submit(familySpec({ reuse: false, limits: { max_duration_seconds: 100 } }));
    const { lease } = await claim(id, 'teacher');
    const now = later(101);
    await renewLease({ db, now }, lease, { leaseSeconds: 30 });
    const queue = new RecordingQueue();
    expect((await reconcile({ db, now }, queue)).overtime).toBe(1);
    expect(queue.called).toEqual([lease.taskId]);
    expect(await jobNamed(id, 'teacher')).toMatchObject({ status: 'failed', reason: 'max_duration_exceeded' });
  });
});

describe('progress', () => {
  it('keeps points of a curve that are no finite numbers', async () => {
    const id = await submit(familySpec({ reuse: false }));
    const { lease } = await claim(id, 'teacher');
    const points = [1, NaN, Infinity].map((value, step) => ({ name: 'train_loss', step, epoch: 1, value }));
    expect(await recordProgress({ db, now: later() }, lease, { points, epochs: [] })).toBe('recorded');
    const kept = await db.metric.findMany({ where: { jobId: lease.jobId }, orderBy: { step: 'asc' } });
    expect(kept.map(({ value }) => value)).toEqual([1, NaN, Infinity]);
  });
});

describe('cancel', () => {
  it('ends a queued job at once, and its descendants with it', async () => {
    const id = await submit(familySpec({ reuse: false }));
    const { id: jobId } = await jobNamed(id, 'teacher');
    expect(await cancelJob({ db, now: later() }, jobId)).toEqual({ status: 'cancelled', runningTasks: [] });
    expect(new Set(Object.values(await statuses(id)))).toEqual(new Set(['cancelled']));
    expect(await jobNamed(id, 'student')).toMatchObject({ reason: 'parent_cancelled' });
    expect((await events(id)).at(-1)).toBe('experiment.finished');
  });

  it('flags a running job, whose worker then reads it with its heartbeat', async () => {
    const id = await submit(familySpec({ reuse: false }));
    const { lease } = await claim(id, 'teacher');
    const cancellation = await cancelJob({ db, now: later(1) }, lease.jobId);
    expect(cancellation).toEqual({ status: 'running', runningTasks: [lease.taskId] });
    expect(await renewLease({ db, now: later(1) }, lease, { leaseSeconds: 30 })).toMatchObject({
      requested: 'cancel',
    });
    // Whatever ends the attempt now, the job does not start again.
    await finishTask({ db, now: later(1) }, lease, { type: 'ended', reason: 'child_exited', detail: 'killed' });
    expect(await jobNamed(id, 'teacher')).toMatchObject({ status: 'cancelled', reason: 'cancelled_by_request' });
  });

  it('leaves a job that has ended as it is', async () => {
    const id = await submit(familySpec({ reuse: false }));
    await succeed(id, 'teacher');
    const { id: jobId } = await jobNamed(id, 'teacher');
    expect(await cancelJob({ db, now: later() }, jobId)).toEqual({ status: 'succeeded', runningTasks: [] });
    expect(await cancelJob({ db, now: later() }, 'job_none')).toBeUndefined();
  });

  it('ends a whole experiment', async () => {
    const id = await submit(familySpec({ reuse: false }));
    await succeed(id, 'teacher');
    await cancelExperiment({ db, now: later() }, id);
    expect(await statuses(id)).toMatchObject({
      teacher: 'succeeded',
      student: 'cancelled',
      'fgsm on student': 'cancelled',
    });
  });

  it('and finish, a hundred times at once, leave one terminal state and one event of it', async () => {
    for (let race = 0; race < 100; race++) {
      const id = await submit(familySpec({ reuse: false, attacks: {} }));
      const { lease } = await claim(id, 'teacher');
      const outcome = { type: 'succeeded' as const, result: netResult, artifacts: [] };
      await Promise.all([
        cancelJob({ db, now: later(1) }, lease.jobId),
        finishTask({ db, now: later(1) }, lease, outcome),
      ]);
      const types = await events(id);
      expect(types.filter((type) => type === 'job.succeeded' || type === 'job.cancelled')).toHaveLength(1);
      expect((await statuses(id)).teacher).toBe('succeeded');
    }
  });
});
