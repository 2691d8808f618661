import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { cancelExperiment, cancelJob } from './cancel.js';
import { recordCheckpoint } from './checkpoint.js';
import { claimTask, type ClaimedTask } from './claim.js';
import { finishTask } from './finish.js';
import { renewLease } from './heartbeat.js';
import { pause, resume } from './pause.js';
import { planExperiment } from './plan/plan.js';
import { recordProgress } from './progress.js';
import { readJob, readTasks } from './read/jobs.js';
import { reconcile } from './reconcile.js';
import { submitExperiment } from './submit.js';
import { engine, keepArtifact, net, netResult, RecordingQueue } from './testing/fixtures.js';

/** The sha256 of what a part has found. */
const found = (shard: number) => String(shard).repeat(64);
const checkpoint = 'c'.repeat(64);
const adversarial = 'f'.repeat(64);

const { db } = await openTestDatabase();
let jobId: string;
let experimentId: string;
let now = new Date(Date.UTC(2026, 0, 1));

beforeAll(async () => {
  for (const sha256 of [found(0), found(1), found(2), checkpoint, adversarial]) {
    await keepArtifact(db, sha256);
  }
});

/** An attack on five examples in parts of two: the net that it attacks is there. */
beforeEach(async () => {
  experimentId = await submit({ shard_size: 2, max_attempts: 2 });
  jobId = (await db.job.findFirstOrThrow({ where: { experimentId, kind: 'attack' } })).id;
  const { id, attempt } = await db.task.findFirstOrThrow({ where: { job: { experimentId, kind: 'train' } } });
  const training = await claimTask(at(), { taskId: id, attempt, workerId: 'wrk_test', engine, leaseSeconds: 30 });
  if (training.outcome !== 'claimed') throw new Error('not available');
  await finishTask(at(), training.task.lease, { type: 'succeeded', result: netResult, artifacts: [] });
});

function at(seconds = 1) {
  now = new Date(now.getTime() + seconds * 1000);
  return { db, now };
}

function spec(limits: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const examples = { count: 5, choose: 'any' };
  const body = { name: 'split', dataset: { name: 'mnist', train: 100, validation: 50, test: 100 }, models: { net } };
  return { ...body, attacks: { fgsm: { attack: 'fgsm', examples } }, reuse: false, limits, ...more };
}

async function submit(limits: Record<string, unknown>): Promise<string> {
  const submission = await submitExperiment(at(), { body: spec(limits) });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  return submission.experimentId;
}

/** Claims the part of this number, or the merge. */
async function claim(which: number | 'merge'): Promise<ClaimedTask> {
  const place = which === 'merge' ? { role: 'merge' as const } : { role: 'part' as const, shard: which };
  const { id: taskId, attempt } = await db.task.findFirstOrThrow({ where: { jobId, ...place } });
  const claimed = await claimTask(at(), { taskId, attempt, workerId: `wrk_${which}`, engine, leaseSeconds: 30 });
  if (claimed.outcome !== 'claimed') throw new Error('not available');
  return claimed.task;
}

function find({ lease, share }: ClaimedTask) {
  if (share.role !== 'part') throw new Error('not a part');
  return finishTask(at(), lease, { type: 'found', sha256: found(share.shard) });
}

async function standing() {
  const { status, tasks } = await db.job.findUniqueOrThrow({
    where: { id: jobId },
    select: { status: true, tasks: { orderBy: [{ role: 'asc' }, { shard: 'asc' }], select: { status: true } } },
  });
  return [status, ...tasks.map((task) => task.status)];
}

async function typesOfEvents() {
  const events = await db.event.findMany({ where: { jobId }, orderBy: { seq: 'asc' } });
  return events.map(({ type }) => type);
}

describe('a plan', () => {
  const shardsOf = (limits: Record<string, unknown>, more = {}) => {
    const planning = planExperiment(spec(limits, more));
    if (!planning.ok) throw new Error(JSON.stringify(planning.problems));
    return planning.plan.jobs.map(({ name, shards }) => [name, shards]);
  };

  it('splits the examples of an attack, and nothing else', () => {
    expect(shardsOf({ shard_size: 2 })).toEqual([
      ['net', 1],
      ['fgsm on net', 3],
    ]);
    expect(shardsOf({ shard_size: 5 })[1]).toEqual(['fgsm on net', 1]);
  });

  it('leaves an attack on a randomised net whole, and one from it', () => {
    const noisy = { kind: 'deploy', model: 'net', input_noise: 0.1 };
    const attacks = {
      fgsm: { attack: 'fgsm', examples: { count: 5 } },
      transfer: { attack: 'fgsm', source: 'noisy', models: ['net'], examples: { count: 5 } },
    };
    expect(Object.fromEntries(shardsOf({ shard_size: 1 }, { models: { net, noisy }, attacks }))).toMatchObject({
      'fgsm on net': 5,
      'fgsm on noisy': 1,
      'transfer from noisy on net': 1,
    });
  });

  it('gives equal work one fingerprint, however it is split', () => {
    const prints = [{}, { shard_size: 1 }].map((limits) => {
      const planning = planExperiment(spec(limits));
      return planning.ok && planning.plan.jobs.map(({ fingerprint }) => fingerprint);
    });
    expect(prints[0]).toEqual(prints[1]);
  });

  it('refuses more tasks than can be kept, and says where', () => {
    const dataset = { name: 'mnist', train: 100, test: 10_000 };
    const fgsm = { attack: 'fgsm', parameters: { epsilon: 0.1 }, examples: { count: 10_000 } };
    const grid = {
      epsilon: { values: [...Array(10).keys()].map((at) => at / 10 + 0.1), at: ['/attacks/fgsm/parameters/epsilon'] },
    };
    expect(planExperiment(spec({ shard_size: 1 }, { dataset, attacks: { fgsm }, grid }))).toMatchObject({
      ok: false,
      problems: [{ pointer: '/limits/shard_size', message: 'makes 100011 tasks of 11 jobs' }],
    });
  });
});

describe('parts', () => {
  it('are delivered each, and their merge once the last has succeeded, in whatever order', async () => {
    expect(await standing()).toEqual(['queued', 'queued', 'queued', 'queued', 'blocked']);
    const parts = [await claim(2), await claim(0), await claim(1)];
    expect(parts.map(({ share }) => share)).toEqual([2, 0, 1].map((shard) => ({ role: 'part', shard, shards: 3 })));
    expect(await standing()).toEqual(['running', 'running', 'running', 'running', 'blocked']);
    for (const part of parts) expect(await find(part)).toBe('recorded');
    expect(await standing()).toEqual(['queued', 'succeeded', 'succeeded', 'succeeded', 'queued']);

    const deliveries = await db.outbox.findMany({ where: { task: { jobId } }, select: { task: true, attempt: true } });
    expect(deliveries).toMatchObject([{ task: { role: 'merge' }, attempt: 1 }]);

    const merge = await claim('merge');
    expect(merge.share).toEqual({ role: 'merge', outcomes: [found(0), found(1), found(2)] });
    const artifacts = [{ name: 'adversarial', sha256: adversarial }];
    await finishTask(at(), merge.lease, { type: 'succeeded', result: netResult, artifacts });
    expect(await standing()).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded']);
    expect(await db.task.count({ where: { jobId, outcomeSha256: { not: null } } })).toBe(0);
    expect(await typesOfEvents()).toEqual([
      ...['job.queued', 'job.started', 'task.started', 'task.started', 'task.started'],
      ...['task.succeeded', 'job.progress', 'task.succeeded', 'job.progress', 'task.succeeded', 'job.progress'],
      ...['job.queued', 'job.started', 'task.started', 'job.succeeded'],
    ]);
  });

  it('that finish at the same time make one merge', async () => {
    const parts = [await claim(0), await claim(1), await claim(2)];
    expect(await Promise.all(parts.map(find))).toEqual(['recorded', 'recorded', 'recorded']);
    const merges = await db.outbox.findMany({ where: { task: { jobId, role: 'merge' } } });
    expect(merges).toHaveLength(1);
  });

  it('finish once, however often they are delivered or say so', async () => {
    const { id: taskId } = await db.task.findFirstOrThrow({ where: { jobId, role: 'part', shard: 0 } });
    const request = { taskId, attempt: 1, workerId: 'wrk', engine, leaseSeconds: 30 };
    const claims = await Promise.all(Array.from({ length: 5 }, () => claimTask(at(), request)));
    const [claimed] = claims.filter((one) => one.outcome === 'claimed');
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    expect(await find(claimed!.task)).toBe('recorded');
    expect(await find(claimed!.task)).toBe('fenced');
    expect((await typesOfEvents()).filter((type) => type === 'task.succeeded')).toHaveLength(1);
  });

  it('weigh the same in the progress of their job', async () => {
    const parts = [await claim(0), await claim(1), await claim(2)];
    const report = (fraction: number) => ({ progress: { fraction, message: 'half' }, points: [], epochs: [] });
    await find(parts[0]!);
    await recordProgress(at(), parts[1]!.lease, report(0.5));
    const job = await readJob({ db, now: new Date(), kindLimits: new Map() }, jobId);
    expect(job!.progress).toEqual({ fraction: expect.closeTo(0.95 / 2) as number, message: '1 of 3 parts done' });
    expect(job).toMatchObject({ shards: 3, attempts: { started: 3, spent: 0 } });
    expect(await readTasks(db, jobId)).toMatchObject([
      { role: 'part', shard: 0, shards: 3, status: 'succeeded', progress: 1, worker_id: 'wrk_0' },
      { role: 'part', shard: 1, shards: 3, status: 'running', progress: 0.5, worker_id: 'wrk_1', attempt: 1 },
      { role: 'part', shard: 2, shards: 3, status: 'running', progress: 0 },
      { role: 'merge', shard: 0, shards: 3, status: 'blocked', attempt: 0, worker_id: null },
    ]);
  });

  it('have tries of their own', async () => {
    const lost = await claim(0);
    const kept = await claim(1);
    await renewLease(at(25), kept.lease, { leaseSeconds: 30 });
    await reconcile(at(6), new RecordingQueue());
    expect(await standing()).toEqual(['running', 'queued', 'running', 'queued', 'blocked']);
    expect((await typesOfEvents()).at(-1)).toBe('task.retrying');
    expect(await find(lost)).toBe('fenced');
    await find(kept);
    expect(await standing()).toEqual(['queued', 'queued', 'succeeded', 'queued', 'blocked']);
    await find(await claim(0));
    await find(await claim(2));
    const { lease } = await claim('merge');
    await finishTask(at(), lease, { type: 'ended', reason: 'child_exited', detail: 'killed' });
    expect((await readJob({ db, now: new Date(), kindLimits: new Map() }, jobId))!.attempts).toEqual({
      started: 5,
      spent: 1,
      max: 2,
    });
    await finishTask(at(), (await claim('merge')).lease, { type: 'succeeded', result: netResult, artifacts: [] });
    expect((await standing())[0]).toBe('succeeded');
  });

  it('end together once one has failed for good: those that run are called, and write nothing', async () => {
    const [failing, running] = [await claim(0), await claim(2)];
    const stopped: string[] = [];
    const failure = { type: 'ended' as const, reason: 'computation_failed' as const, detail: 'a shape was wrong' };
    await finishTask(at(), failing.lease, failure, (ids) => stopped.push(...ids));
    expect(stopped).toEqual([running.lease.taskId]);
    expect(await standing()).toEqual(['failed', 'failed', 'failed', 'failed', 'failed']);
    expect(await find(running)).toBe('fenced');
    expect(await renewLease(at(), running.lease, { leaseSeconds: 30 })).toEqual({ outcome: 'fenced' });
    const job = await readJob({ db, now: new Date(), kindLimits: new Map() }, jobId);
    expect(job).toMatchObject({ reason: 'computation_failed', detail: 'part 1 of 3: a shape was wrong' });
    const attempts = await db.attempt.findMany({ where: { task: { jobId } }, orderBy: { startedAt: 'asc' } });
    expect(attempts.map(({ reason, detail }) => [reason, detail])).toEqual([
      ['computation_failed', 'a shape was wrong'],
      ['sibling_failed', 'part 1 of 3 failed: computation_failed'],
    ]);
    expect((await db.experiment.findUniqueOrThrow({ where: { id: experimentId } })).openJobs).toBe(0);
  });

  it('end together when one runs too long, and all their workers are called', async () => {
    const [first, second] = [await claim(0), await claim(1)];
    const leases = [first.lease, second.lease];
    await db.job.update({ where: { id: jobId }, data: { maxDurationSeconds: 20 } });
    await db.task.update({ where: { id: second.lease.taskId }, data: { startedAt: new Date(now.getTime() + 9000) } });
    const queue = new RecordingQueue();
    expect((await reconcile(at(22), queue)).overtime).toBe(1);
    expect(queue.called.sort()).toEqual(leases.map(({ taskId }) => taskId).sort());
    expect((await readJob({ db, now: new Date(), kindLimits: new Map() }, jobId))!).toMatchObject({
      status: 'failed',
      reason: 'max_duration_exceeded',
    });
  });

  it('are cancelled with their job: what waits at once, what runs as its worker stops', async () => {
    const [done, running] = [await claim(0), await claim(1)];
    await find(done);
    expect(await cancelJob(at(), jobId)).toEqual({ status: 'running', runningTasks: [running.lease.taskId] });
    await expect(claim(2)).rejects.toThrow('not available');
    expect(await renewLease(at(), running.lease, { leaseSeconds: 30 })).toMatchObject({ requested: 'cancel' });
    await finishTask(at(), running.lease, { type: 'ended', reason: 'cancelled_by_request', detail: 'stopped' });
    expect(await standing()).toEqual(['cancelled', 'succeeded', 'cancelled', 'cancelled', 'cancelled']);
  });

  it('wait without a bound once one of them has started', async () => {
    const deliveries = { where: { task: { jobId }, expiresAt: { not: null } } };
    await db.outbox.updateMany({ where: { task: { jobId } }, data: { expiresAt: new Date(now.getTime() + 5000) } });
    expect(await db.outbox.count(deliveries)).toBe(3);
    await claim(0);
    expect(await db.outbox.count(deliveries)).toBe(0);
    expect((await reconcile(at(20), new RecordingQueue())).queueTimeouts).toBe(0);
  });

  it('leave a cancelled job cancelled when one succeeds all the same', async () => {
    const [first, second] = [await claim(0), await claim(1)];
    await cancelExperiment(at(), experimentId);
    expect(await find(first)).toBe('recorded');
    expect(await standing()).toEqual(['cancelled', 'succeeded', 'cancelled', 'cancelled', 'cancelled']);
    expect(await find(second)).toBe('fenced');
  });

  it('pause each with its checkpoint, and go on from there', async () => {
    const [done, running] = [await claim(0), await claim(1)];
    await find(done);
    expect(await pause(at(), { jobId })).toEqual({ runningTasks: [running.lease.taskId] });
    expect(await standing()).toEqual(['running', 'succeeded', 'running', 'paused', 'blocked']);
    await expect(claim(2)).rejects.toThrow('not available');
    await recordCheckpoint(at(), running.lease, { sha256: checkpoint, message: 'half' });
    await finishTask(at(), running.lease, { type: 'ended', reason: 'paused_by_request', detail: 'stopped' });
    expect(await standing()).toEqual(['paused', 'succeeded', 'paused', 'paused', 'blocked']);

    await resume(at(), { jobId });
    expect(await standing()).toEqual(['queued', 'succeeded', 'queued', 'queued', 'blocked']);
    const again = await claim(1);
    expect(again.checkpoint).toBe(checkpoint);
    await find(again);
    await find(await claim(2));
    expect((await claim('merge')).share).toMatchObject({ role: 'merge' });
  });

  it('let the merge wait where the last of them succeeds while a pause is on its way', async () => {
    for (const shard of [0, 1]) await find(await claim(shard));
    const last = await claim(2);
    await pause(at(), { jobId });
    await find(last);
    expect(await standing()).toEqual(['paused', 'succeeded', 'succeeded', 'succeeded', 'paused']);
    await resume(at(), { experimentId });
    expect(await standing()).toEqual(['queued', 'succeeded', 'succeeded', 'succeeded', 'queued']);
    await claim('merge');
  });

  it('wait and are queued again with a job that is paused before any of them runs, or while some run', async () => {
    await pause(at(), { jobId });
    expect(await standing()).toEqual(['paused', 'paused', 'paused', 'paused', 'paused']);
    await resume(at(), { jobId });
    expect(await standing()).toEqual(['queued', 'queued', 'queued', 'queued', 'blocked']);

    const running = await claim(0);
    await pause(at(), { jobId });
    await resume(at(), { jobId });
    expect(await standing()).toEqual(['running', 'running', 'queued', 'queued', 'blocked']);
    await finishTask(at(), running.lease, { type: 'ended', reason: 'paused_by_request', detail: 'stopped' });
    expect(await standing()).toEqual(['queued', 'queued', 'queued', 'queued', 'blocked']);
  });

  it('are handed back by a draining worker without spending a try', async () => {
    for (let times = 0; times < 3; times++) {
      const { lease } = await claim(0);
      await finishTask(at(), lease, { type: 'ended', reason: 'worker_drained', detail: 'stopping' });
    }
    expect(await standing()).toEqual(['queued', 'queued', 'queued', 'queued', 'blocked']);
    expect((await readJob({ db, now: new Date(), kindLimits: new Map() }, jobId))!.attempts).toEqual({
      started: 3,
      spent: 0,
      max: 2,
    });
  });
});
