import { afterEach, beforeEach, expect, it } from 'vitest';
import { finishedJobs, jobsWhen, submit, tinyNet, tinySpec } from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';

let retort: TestRetort;
beforeEach(async () => {
  retort = await startRetort();
});
afterEach(() => retort.stop());

/** What a worker is started with so that its own clock is wrong by so many hours. */
function withClock(hours: number): Record<string, string> {
  const shift = `const Right=Date;const ms=${hours}*36e5;
    globalThis.Date=class extends Right{constructor(...a){a.length?super(...a):super(Right.now()+ms)}static now(){return Right.now()+ms}};`;
  return {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shift)}`,
    RETORT_LEASE_SECONDS: '3',
    RETORT_HEARTBEAT_SECONDS: '1',
  };
}

it('lets a worker whose clock is behind keep its lease', async () => {
  await retort.startWorker(withClock(-2));
  const id = await submit(retort, tinySpec({ models: { plain: { ...tinyNet, epochs: 12 } } }));
  expect((await finishedJobs(retort, id))[0]).toMatchObject({ status: 'succeeded', attempts: { started: 1 } });
});

it('takes the task of a dead worker back in time, though its clock was ahead', async () => {
  const worker = await retort.startWorker(withClock(2));
  const id = await submit(retort, tinySpec({ models: { plain: { ...tinyNet, epochs: 12 } } }));
  await jobsWhen(retort, id, ([job]) => job!.status === 'running' && job!.progress.fraction > 0);
  worker.kill('SIGKILL');
  await retort.startWorker();
  expect((await finishedJobs(retort, id))[0]).toMatchObject({ status: 'succeeded', attempts: { started: 2 } });
});
