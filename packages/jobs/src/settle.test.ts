import { describe, expect, it } from 'vitest';
import type { SqlTransaction } from '@retort/store';
import { openTestDatabase } from '@retort/stack/testing';
import { cancelExperiment } from './cancel.js';
import { claimTask } from './claim.js';
import { finishTask, type Outcome } from './finish.js';
import { submitExperiment } from './submit.js';
import { engine, net, netResult } from './testing/fixtures.js';

let queries = 0;
const { db } = await openTestDatabase();
const { transaction } = db;
Object.assign(db, {
  transaction: <T>(work: (tx: SqlTransaction) => Promise<T>) => transaction((tx) => work(counted(tx))),
});

const now = new Date(Date.UTC(2026, 0, 1));

function counted({ $queryRaw, $executeRaw, $send, $commit }: SqlTransaction): SqlTransaction {
  return {
    $queryRaw: (...asked) => (queries++, $queryRaw(...asked)),
    $executeRaw: (...asked) => (queries++, $executeRaw(...asked)),
    $send: (...asked) => (queries++, $send(...asked)),
    $commit,
  };
}

/** The queries that `work` takes in its transactions. */
async function queriesOf(work: () => Promise<unknown>): Promise<number> {
  const before = queries;
  await work();
  return queries - before;
}

/** Submits one net with so many attacks that wait for it. */
async function submit(attacks: number): Promise<string> {
  const counts = Array.from({ length: attacks }, (_, index) => index + 1);
  const body = {
    name: 'wide',
    dataset: { name: 'mnist', train: 100, validation: 50, test: 100 },
    models: { net },
    attacks: { fgsm: { attack: 'fgsm', examples: { count: 1 } } },
    grid: { count: { values: counts, at: ['/attacks/fgsm/examples/count'] } },
    // So that no job equals one of another width.
    seeds: [attacks],
    reuse: false,
  };
  const submission = await submitExperiment({ db, now }, { body });
  if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  return submission.experimentId;
}

async function finish(experimentId: string, outcome: Outcome): Promise<void> {
  const { id: taskId, attempt } = await db.task.findFirstOrThrow({
    where: { status: 'queued', job: { experimentId } },
  });
  const claim = await claimTask({ db, now }, { taskId, attempt, workerId: 'wrk', engine, leaseSeconds: 30 });
  if (claim.outcome !== 'claimed') throw new Error('not available');
  expect(await finishTask({ db, now }, claim.task.lease, outcome)).toBe('recorded');
}

/** How many jobs are in each status. */
async function counts(experimentId: string): Promise<Record<string, number>> {
  const rows = await db.job.groupBy({ by: ['status'], where: { experimentId }, _count: true });
  return Object.fromEntries(rows.map(({ status, _count }) => [status, _count]));
}

// One transaction settles all of them, and a transaction has a time limit: a job with thousands of children must be able to end.
describe('takes as many queries for forty waiting jobs as for two', () => {
  it.each<[string, (id: string) => Promise<unknown>, Record<string, number>]>([
    [
      'to queue them',
      (id) => finish(id, { type: 'succeeded', result: netResult, artifacts: [] }),
      { succeeded: 1, queued: 40 },
    ],
    [
      'to fail them',
      (id) => finish(id, { type: 'ended', reason: 'diverged', detail: 'the loss was NaN' }),
      { failed: 41 },
    ],
    ['to cancel them', (id) => cancelExperiment({ db, now }, id), { cancelled: 41 }],
  ])('%s', async (_what, settle, expected) => {
    const [narrow, wide] = [await submit(2), await submit(40)];
    const few = await queriesOf(() => settle(narrow));
    expect(few).toBeGreaterThan(0);
    expect(await queriesOf(() => settle(wide))).toBe(few);
    expect(await counts(wide)).toEqual(expected);
  });

  it('to accept them', async () => {
    const roots = (count: number) => ({
      name: 'roots',
      dataset: { name: 'mnist', train: 100, validation: 50, test: 100 },
      models: { net },
      seeds: Array.from({ length: count }, (_, seed) => 1000 * count + seed),
      reuse: false,
    });
    const few = await queriesOf(() => submitExperiment({ db, now }, { body: roots(2) }));
    expect(few).toBeGreaterThan(0);
    expect(await queriesOf(() => submitExperiment({ db, now }, { body: roots(40) }))).toBe(few);
  });
});

it('enters the jobs that a parent unblocks in the order of the plan, and keeps nothing of what was claimed', async () => {
  const id = await submit(12);
  await finish(id, { type: 'succeeded', result: netResult, artifacts: [] });
  const sent = await db.outbox.findMany({
    where: { task: { job: { experimentId: id } } },
    orderBy: { id: 'asc' },
    select: { task: { select: { job: { select: { ordinal: true } } } } },
  });
  expect(sent.map(({ task }) => task.job.ordinal)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
});
