import { beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase } from '@retort/stack/testing';
import { cancelExperiment } from '../cancel.js';
import { claimTask, type Lease } from '../claim.js';
import { finishTask } from '../finish.js';
import { pause } from '../pause.js';
import { reconcile } from '../reconcile.js';
import { submitExperiment } from '../submit.js';
import { engine, familySpec, net, netResult, RecordingQueue } from '../testing/fixtures.js';
import { registerWorker, reportWorker } from '../workers.js';
import { dispatch } from './dispatch.js';

const { db } = await openTestDatabase();
let queue: RecordingQueue;
let clock = Date.UTC(2026, 0, 1);

beforeEach(async () => {
  await db.experiment.deleteMany();
  await db.worker.deleteMany();
  await db.apiKey.deleteMany();
  queue = new RecordingQueue();
});

function later(seconds = 1): Date {
  clock += seconds * 1000;
  return new Date(clock);
}

async function startWorker(concurrency: number, name = 'wasm'): Promise<string> {
  const identity = { name, host: 'here', pid: 1, version: '0', concurrency };
  const id = await registerWorker({ db, now: later() }, identity);
  await reportWorker({ db, now: later() }, id, { status: 'online', engine: { ...engine, name } });
  return id;
}

async function keepAlive(id: string): Promise<void> {
  await reportWorker({ db, now: later() }, id, { status: 'online' });
}

async function addKey(name: string, maxRunning: number | null = null): Promise<string> {
  await db.apiKey.create({ data: { id: name, name, sha256: name, prefix: name, scopes: [], maxRunning } });
  return name;
}

/** Submits so many nets that differ in their seed. */
async function submit(seeds: number, changes: Record<string, unknown> = {}, apiKeyId?: string): Promise<string> {
  const body = familySpec({
    models: { net },
    attacks: {},
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    reuse: false,
    ...changes,
  });
  const submission = await submitExperiment({ db, now: later() }, { body, apiKeyId });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  return submission.experimentId;
}

/** Dispatches, and names the experiments of what was sent. */
async function send(kindLimits = new Map()): Promise<string[]> {
  const before = queue.sent.length;
  await dispatch({ db, now: later() }, queue, { kindLimits });
  const ids = queue.sent.slice(before).map(({ taskId }) => taskId);
  const tasks = await db.task.findMany({ where: { id: { in: ids } }, include: { job: true } });
  const experiments = new Map(tasks.map(({ id, job }) => [id, job.experimentId]));
  return ids.map((id) => experiments.get(id)!);
}

/** Claims the oldest deliveries that were sent and not yet claimed. */
async function claim(count: number, workerId = 'wrk'): Promise<Lease[]> {
  const sent = await db.outbox.findMany({ where: { sentAt: { not: null } }, orderBy: { id: 'asc' }, take: count });
  const leases: Lease[] = [];
  for (const { taskId, attempt } of sent) {
    const request = { taskId, attempt, workerId, engine, leaseSeconds: 3600 };
    const claimed = await claimTask({ db, now: later() }, request);
    if (claimed.outcome !== 'claimed') throw new Error('not available');
    leases.push(claimed.task.lease);
  }
  return leases;
}

async function finish(leases: readonly Lease[]): Promise<void> {
  for (const lease of leases) {
    const outcome = { type: 'succeeded' as const, result: netResult, artifacts: [] };
    expect(await finishTask({ db, now: later() }, lease, outcome)).toBe('recorded');
  }
}

describe('sending', () => {
  it('sends each delivery once and no more than the limits allow, from three dispatchers at once', async () => {
    await startWorker(8);
    await submit(20);
    const kindLimits = new Map([['train' as const, 5]]);
    const now = later();
    await Promise.all(Array.from({ length: 3 }, () => dispatch({ db, now }, queue, { kindLimits })));
    expect(queue.sent).toHaveLength(5);
    expect(new Set(queue.sent.map(({ taskId }) => taskId)).size).toBe(5);
    const leases = await claim(5);
    expect(await send(kindLimits)).toEqual([]);
    await finish(leases.slice(0, 2));
    await Promise.all(Array.from({ length: 3 }, () => dispatch({ db, now: later() }, queue, { kindLimits })));
    expect(queue.sent).toHaveLength(7);
  });

  it('keeps the rows while the queue is away', async () => {
    await startWorker(1);
    await submit(1);
    const broken = { send: () => Promise.reject(new Error('Redis is away')) };
    await expect(dispatch({ db, now: later() }, broken, { kindLimits: new Map() })).rejects.toThrow('Redis is away');
    expect(await send()).toHaveLength(1);
    expect(await send()).toEqual([]);
  });

  it('sends nothing while no worker lives, and says so by waiting in Postgres', async () => {
    await submit(1);
    const worker = await startWorker(1);
    later(31);
    expect(await send()).toEqual([]);
    await keepAlive(worker);
    expect(await send()).toHaveLength(1);
  });

  it('forgets what was cancelled or paused before it was claimed', async () => {
    await startWorker(2);
    const [cancelled, paused] = [await submit(1), await submit(1)];
    await cancelExperiment({ db, now: later() }, cancelled);
    await pause({ db, now: later() }, { experimentId: paused });
    expect(await send()).toEqual([]);
    expect(await db.outbox.count()).toBe(0);
  });

  it('waits until a retry is due', async () => {
    const worker = await startWorker(1);
    await submit(1);
    await send();
    const [lease] = await claim(1);
    const outcome = { type: 'ended' as const, reason: 'child_exited' as const, detail: 'killed' };
    await finishTask({ db, now: later() }, lease!, outcome);
    expect(await send()).toEqual([]);
    later(2);
    await keepAlive(worker);
    expect(await send()).toHaveLength(1);
  });
});

describe('the order', () => {
  it('follows priority, and lets a job that has waited a minute for each point go first', async () => {
    const worker = await startWorker(2);
    const ordinary = await submit(1);
    later(540);
    const urgent = await submit(1, { priority: 10 });
    later(120);
    const late = await submit(1, { priority: 10 });
    await keepAlive(worker);
    expect(await send()).toEqual([urgent, ordinary, late]);
  });

  it('takes a job in the place of the first that follows it, at its next attempt too', async () => {
    const worker = await startWorker(1);
    const [same, tooSlow] = [{ seeds: [77], reuse: true }, { limits: { max_attempts: 3 } }];
    await submit(1);
    const leader = await submit(1, { ...same, ...tooSlow, priority: -10 });
    const other = await submit(1, { priority: 5 });
    const follower = await submit(1, { ...same, priority: 10 });
    expect(await db.job.findFirst({ where: { experimentId: follower } })).toMatchObject({ status: 'blocked' });
    // A later follower of lower priority leaves it where it is.
    await submit(1, { ...same, priority: 1 });
    expect(await send()).toEqual([leader, other]);

    const [lease] = await claim(1, worker);
    const outcome = { type: 'ended' as const, reason: 'worker_drained' as const, detail: 'drained' };
    await finishTask({ db, now: later() }, lease!, outcome);
    const waiting = await db.outbox.findMany({ where: { sentAt: null }, orderBy: { place: 'asc' } });
    expect(waiting.map(({ taskId, priority }) => [taskId === lease!.taskId, priority])).toEqual([
      [true, 10],
      [false, 0],
    ]);
  });

  it('starves nobody, whatever arrives', async () => {
    const worker = await startWorker(1);
    const patient = await submit(1, { priority: -2 });
    const order: string[] = [];
    for (let minute = 0; minute < 8; minute++) {
      await submit(2);
      await keepAlive(worker);
      order.push(...(await send()));
      await finish(await claim(1));
      later(60);
    }
    expect(order).toContain(patient);
  });

  it('sends the first job of a key before the ten thousand of another', async () => {
    const worker = await startWorker(4);
    const [many, few] = [await addKey('many'), await addKey('few')];
    const crowd = await submit(1, { priority: 100 }, many);
    await multiply(crowd, 10_000);
    expect(await send()).toHaveLength(6);
    const running = await claim(4, worker);
    later(600);
    await keepAlive(worker);
    const first = await submit(1, {}, few);
    // All slots are busy and two deliveries are ahead: the first task that ends makes room for it, and two more start it.
    expect(await send()).toEqual([]);
    await finish(running.slice(0, 1));
    expect(await send()).toEqual([first]);
  });
});

describe('limits', () => {
  it('of an API key hold over its experiments, and others go by', async () => {
    await startWorker(4);
    const [bound, free] = [await addKey('bound', 2), await addKey('free')];
    const [one, two, other] = [await submit(3, {}, bound), await submit(3, {}, bound), await submit(9, {}, free)];
    const sent = await send();
    expect(sent.filter((id) => id === one || id === two)).toHaveLength(2);
    expect(sent.filter((id) => id === other)).toHaveLength(4);
  });
});

describe('engines', () => {
  it('sends a job to workers with the engine that it wants, and takes it back when the last of them is gone', async () => {
    const cpu = await startWorker(1, 'wasm');
    const gpu = await startWorker(1, 'tfjs-node-gpu');
    await submit(1, { engine: 'gpu' });
    await send();
    expect(queue.sent).toMatchObject([{ engine: 'tfjs-node-gpu' }]);
    await reportWorker({ db, now: later() }, gpu, { status: 'offline' });
    later(6);
    await keepAlive(cpu);
    expect((await reconcile({ db, now: later() }, queue)).deliveriesLost).toBe(1);
    expect(queue.takenBack).toEqual(queue.sent);
    expect(await send()).toEqual([]);
    await startWorker(1, 'webgpu');
    expect(await send()).toHaveLength(1);
    expect(queue.sent.at(-1)).toMatchObject({ engine: 'webgpu' });
  });
});

describe('what goes wrong', () => {
  it('sends again what Redis has lost', async () => {
    const worker = await startWorker(1);
    const id = await submit(1);
    expect(await send()).toEqual([id]);
    later(6);
    expect((await reconcile({ db, now: later() }, queue)).deliveriesLost).toBe(0);
    queue = new RecordingQueue();
    expect((await reconcile({ db, now: later() }, queue)).deliveriesLost).toBe(1);
    await keepAlive(worker);
    expect(await send()).toEqual([id]);
  });

  it('ends what waits longer than its queue timeout, but not what is blocked or has started once', async () => {
    const limits = { queue_timeout_seconds: 60 };
    const started = await submit(1, { limits });
    const worker = await startWorker(1);
    await send();
    const [lease] = await claim(1);
    const outcome = { type: 'ended' as const, reason: 'worker_drained' as const, detail: 'drained' };
    await finishTask({ db, now: later() }, lease!, outcome);
    await reportWorker({ db, now: later() }, worker, { status: 'offline' });

    const waiting = await submit(1, { limits });
    const family = { models: familySpec().models, attacks: familySpec().attacks };
    const blocked = await submit(1, { ...family, limits });
    later(58);
    expect((await reconcile({ db, now: later(0) }, queue)).queueTimeouts).toBe(0);
    later(10);
    expect((await reconcile({ db, now: later() }, queue)).queueTimeouts).toBe(2);
    const ended = async (experimentId: string) =>
      (await db.job.findMany({ where: { experimentId }, orderBy: { ordinal: 'asc' } })).map(({ reason }) => reason);
    expect(await ended(started)).toEqual([null]);
    expect(await ended(waiting)).toEqual(['queue_timeout']);
    expect(await ended(blocked)).toEqual(['queue_timeout', 'parent_failed', 'parent_failed', 'parent_failed']);
    expect((await reconcile({ db, now: later() }, queue)).queueTimeouts).toBe(0);
  });
});

it('looks at no more rows where a hundred thousand wait than where a thousand do', async () => {
  await startWorker(4);
  await submit(1);
  await enterMore(1000);
  const few = await rowsRead(() => send());
  await db.outbox.updateMany({ data: { sentAt: null, sentTo: null } });
  await enterMore(99_000);
  await db.$executeRaw`ANALYZE outbox`;
  const many = await rowsRead(() => send());
  expect(queue.sent).toHaveLength(12);
  expect(few).toBeGreaterThan(0);
  expect(many).toBeLessThan(few + 50);
});

/** Enters so many more deliveries of the one task that waits, as of later attempts. */
async function enterMore(count: number): Promise<void> {
  const known = await db.outbox.count();
  await db.$executeRaw`
    INSERT INTO outbox (task_id, attempt, available_at, kind, place)
    SELECT task_id, number, available_at, kind, place
    FROM outbox, generate_series(${known + 1}::int, ${known + count}::int) AS number WHERE attempt = 1`;
}

/** Queues so many more jobs like the one of an experiment. */
async function multiply(experimentId: string, count: number): Promise<void> {
  const known = await db.job.count({ where: { experimentId } });
  await db.$executeRaw`
    INSERT INTO jobs (id, experiment_id, ordinal, kind, status, name, labels, spec, fingerprint, seed, waiting_for,
      max_attempts, max_duration_seconds, priority, created_at, queued_at)
    SELECT 'job_' || number, experiment_id, number, kind, status, name, labels, '{}', number, seed, 0,
      max_attempts, max_duration_seconds, priority, created_at, queued_at
    FROM jobs, generate_series(${known}::int, ${known + count - 1}::int) AS number
    WHERE experiment_id = ${experimentId} AND ordinal = 0`;
  await db.$executeRaw`
    INSERT INTO tasks (id, job_id, status, attempt)
    SELECT 'task_' || id, id, 'queued', 1 FROM jobs WHERE experiment_id = ${experimentId} AND ordinal >= ${known}::int`;
  await db.$executeRaw`
    INSERT INTO outbox (task_id, attempt, available_at, api_key_id, kind, place)
    SELECT 'task_' || jobs.id, 1, queued_at, coalesce(api_key_id, ''), kind, jobs.created_at - priority * interval '1 minute'
    FROM jobs JOIN experiments ON experiments.id = experiment_id
    WHERE experiment_id = ${experimentId} AND ordinal >= ${known}::int`;
}

/** The rows that Postgres fetches from the outbox, by scan or by index, while `work` runs. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    await db.$executeRaw`SELECT pg_stat_force_next_flush()`;
    const [row] = await db.$queryRaw<{ rows: bigint }[]>`
      SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows FROM pg_stat_user_tables WHERE relname = 'outbox'`;
    return Number(row!.rows);
  };
  const before = await read();
  await work();
  return (await read()) - before;
}
