import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallestNet, type JobResult } from '@retort/contracts';
import { claimTask, submitExperiment, type Lease } from '@retort/jobs';
import { followDatabaseClock, type DatabaseClock } from '@retort/store';
import { openTestDatabase } from '@retort/stack/testing';
import { finishDurably } from './finish-durably.js';

const { db } = await openTestDatabase();
let clock: DatabaseClock;
const log = pino({ level: 'silent' });
beforeAll(async () => {
  clock = followDatabaseClock(db, { onError: (error) => log.warn(error) });
  await clock.ready;
});
afterAll(() => {
  clock.close();
});

async function claim(): Promise<Lease> {
  const at = { db, now: clock.now() };
  const body = {
    name: randomUUID(),
    dataset: { name: 'mnist', train: 100, validation: 50, test: 100 },
    models: { plain: smallestNet },
    reuse: false,
  };
  const submission = await submitExperiment(at, { body });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  const task = await db.task.findFirstOrThrow({ where: { job: { experimentId: submission.experimentId } } });
  const engine = {
    name: 'wasm',
    backend: 'wasm',
    versions: {},
    threads: 1,
    device: 'cpu',
    self_check: { passed: true, max_relative_error: 0 },
    skipped: [],
  } as const;
  const request = { taskId: task.id, attempt: 1, workerId: 'wrk_test', engine: { ...engine, skipped: [] } };
  const claimed = await claimTask(at, { ...request, leaseSeconds: 30 });
  if (claimed.outcome !== 'claimed') throw new Error(claimed.outcome);
  return claimed.task.lease;
}

it('ends an attempt whose result the database refuses, at once and with that as its reason', async () => {
  const lease = await claim();
  // PostgreSQL takes no text with a zero character.
  const result = { kind: 'train', note: 'a\0b' } as unknown as JobResult;
  const outcome = { type: 'succeeded' as const, result, artifacts: [] };
  expect(await finishDurably({ db, clock, callWorkers: () => undefined }, lease, outcome, log)).toBe('recorded');
  const job = await db.job.findUniqueOrThrow({ where: { id: lease.jobId } });
  expect(job).toMatchObject({ status: 'failed', reason: 'outcome_refused', result: null });
  expect(job.detail).toMatch(/^the result was computed, but could not be recorded: .*22P05/);
});

it('writes nothing where the lease is lost', async () => {
  const lease = await claim();
  const other = { ...lease, token: randomUUID() };
  const outcome = { type: 'ended' as const, reason: 'child_exited' as const, detail: '' };
  expect(await finishDurably({ db, clock, callWorkers: () => undefined }, other, outcome, log)).toBe('fenced');
});
