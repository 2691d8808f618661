import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectEndedOnce, finishedJobs, jobsWhen, quickSpec, submit } from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

let retort: TestRetort;
let postgres: TcpProxy;
beforeAll(async () => {
  retort = await startRetort();
  postgres = await startTcpProxy(retort.environment.DATABASE_URL);
});
afterAll(async () => {
  postgres.close();
  await retort.stop();
});

it('delivers a task again whose worker took the delivery, and died before it claimed it', async () => {
  const worker = await retort.startWorker({ DATABASE_URL: postgres.url });
  const claiming = postgres.trap({ sent: ['SELECT experiment_id FROM tasks'], when: 'before' });
  const id = await submit(retort, quickSpec());
  await claiming;
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
  postgres.cut();
  await retort.startWorker();
  const online = performance.now();
  await jobsWhen(retort, id, ([job]) => job!.status !== 'queued');
  // Nobody can take it before the queue has taken it from the dead worker.
  expect(performance.now() - online).toBeLessThan(45_000);
  expect(await finishedJobs(retort, id)).toMatchObject([{ status: 'succeeded', attempts: { started: 1 } }]);
  await expectEndedOnce(retort, id);
});
