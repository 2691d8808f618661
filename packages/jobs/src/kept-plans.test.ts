import { expect, it } from 'vitest';
import { openDatabase } from '@retort/store';
import { openTestDatabase } from '@retort/stack/testing';
import { claimTask } from './claim.js';
import { finishTask } from './finish.js';
import { submitExperiment } from './submit.js';
import { engine, familySpec, net, netResult } from './testing/fixtures.js';

const { databaseUrl } = await openTestDatabase();
const now = new Date(Date.UTC(2026, 0, 1));

it('reads as few rows with plans that were made in an empty database, once there are many', async () => {
  // With one connection, whose plans are those of its first statements.
  const db = openDatabase(databaseUrl, { poolSize: 1 });
  let seed = 0;
  const submit = async (jobs: number) => {
    const seeds = Array.from({ length: jobs }, () => seed++);
    const submission = await submitExperiment(
      { db, now },
      { body: familySpec({ models: { net }, attacks: {}, seeds }) },
    );
    if (submission.outcome !== 'accepted') throw new Error(JSON.stringify(submission));
  };
  const live = async () => {
    await submit(1);
    const { taskId, attempt } = await db.outbox.findFirstOrThrow({ orderBy: { id: 'desc' } });
    const claim = await claimTask({ db, now }, { taskId, attempt, workerId: 'wrk', engine, leaseSeconds: 30 });
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
    await finishTask({ db, now }, claim.task.lease, { type: 'succeeded', result: netResult, artifacts: [] });
  };
  const rowsRead = async (work: () => Promise<unknown>): Promise<number> => {
    const read = async () => {
      await db.$executeRaw`SELECT pg_stat_force_next_flush()`;
      const [row] = await db.$queryRaw<{ rows: number }[]>`
        SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS rows FROM pg_stat_user_tables
        WHERE relname IN ('computations', 'experiments', 'jobs', 'outbox', 'tasks')`;
      return row!.rows;
    };
    const before = await read();
    await work();
    return (await read()) - before;
  };

  for (let round = 0; round < 8; round++) await live();
  const few = await rowsRead(live);
  expect(few).toBeGreaterThan(0);
  await submit(400);
  expect(await rowsRead(live)).toBeLessThan(few + 20);
  await db.$disconnect();
});
