import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectEndedOnce, finishedJobs, quickSpec, submit } from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
});
afterAll(() => retort.stop());

/** What kills a child with each task of seed 13. */
const deadly = `process.on('message', ({ type, job }) => {
  if (type === 'run' && job.seed === 13) process.kill(process.pid, 'SIGKILL');
});`;
const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(deadly)}` };

it('ends a task whose child dies each time after its tries, and goes on with the others', async () => {
  await retort.startWorker(environment);
  const poison = await submit(retort, quickSpec({ seeds: [13], limits: { max_attempts: 3 } }));
  const others = [await submit(retort, quickSpec({ seeds: [1] })), await submit(retort, quickSpec({ seeds: [2] }))];

  const [job] = await finishedJobs(retort, poison);
  expect(job).toMatchObject({
    status: 'failed',
    reason: 'child_exited',
    detail: 'the compute child ended with signal SIGKILL (attempt 3 of 3)',
    attempts: { started: 3, spent: 3 },
  });
  for (const id of others) expect(await finishedJobs(retort, id)).toMatchObject([{ status: 'succeeded' }]);
  for (const id of [poison, ...others]) await expectEndedOnce(retort, id);

  const after = await submit(retort, quickSpec({ seeds: [3] }));
  expect(await finishedJobs(retort, after)).toMatchObject([{ status: 'succeeded', attempts: { started: 1 } }]);
  type Backlog = { unsent: number; deliveries: Record<string, number> };
  const waiting = async () => {
    const { unsent, deliveries } = await retort.get<Backlog>('/v1/queue');
    return [unsent, ...Object.values(deliveries)].reduce((sum, count) => sum + count);
  };
  await expect.poll(waiting).toBe(0);
});
