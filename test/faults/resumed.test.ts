import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  eventsOf,
  finishedJobs,
  jobsOf,
  jobsWhen,
  named,
  sha256Of,
  submit,
  tinyNet,
  tinySpec,
} from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';
import { drain } from '../support/workers.js';

let retort: TestRetort;
beforeEach(async () => {
  retort = await startRetort();
});
afterEach(() => retort.stop());

const terms = {
  RETORT_LEASE_SECONDS: '3',
  RETORT_HEARTBEAT_SECONDS: '1',
  RETORT_GRACE_SECONDS: '5',
  RETORT_CHECKPOINT_SECONDS: '1',
};
const EPOCHS = 20;
const training = tinySpec({ models: { plain: { ...tinyNet, epochs: EPOCHS } }, reuse: false });
const attack = {
  attack: 'cw-l2',
  parameters: { binary_search_steps: 4, steps: 500, abort_early: false },
  examples: { count: 24 },
};
const attacking = { ...tinySpec({ attacks: { cw: attack } }) };

/** Until the attack, and not the training before it, has one checkpoint more. */
async function untilCheckpoint(id: string): Promise<void> {
  const { id: jobId } = named(await jobsOf(retort, id), 'cw on plain');
  const checkpoints = async () =>
    (await eventsOf(retort, id)).filter((event) => event.type === 'job.checkpointed' && event.job_id === jobId).length;
  const before = await checkpoints();
  await expect.poll(checkpoints).toBeGreaterThan(before);
}

it('goes on with a training after kill -9, to the same bytes', async () => {
  const worker = await retort.startWorker(terms);
  const undisturbed = (await finishedJobs(retort, await submit(retort, training)))[0]!;

  const id = await submit(retort, training);
  await jobsWhen(retort, id, ([job]) => job!.status === 'running' && job!.progress.fraction > 0.2);
  worker.kill('SIGKILL');
  await retort.startWorker(terms);
  const [job] = await finishedJobs(retort, id);
  expect(job).toMatchObject({ status: 'succeeded', attempts: { started: 2, spent: 1 } });
  expect(sha256Of(job!, 'weights')).toBe(sha256Of(undisturbed, 'weights'));

  const events = await eventsOf(retort, id);
  expect(events.filter(({ type }) => type === 'job.started').map(({ data }) => data.resumed)).toEqual([false, true]);
  // At most one epoch is done again.
  expect(events.filter(({ type }) => type === 'job.epoch').length).toBeLessThanOrEqual(EPOCHS + 1);
});

it('goes on with an attack that was paused, then handed back by a worker, to the same bytes', async () => {
  const worker = await retort.startWorker(terms);
  const undisturbed = named(await finishedJobs(retort, await submit(retort, attacking)), 'cw on plain');

  const id = await submit(retort, { ...attacking, reuse: false });
  const jobs = await jobsWhen(retort, id, (all) => named(all, 'cw on plain').status === 'running');
  const path = `/v1/jobs/${named(jobs, 'cw on plain').id}`;
  await untilCheckpoint(id);
  expect((await retort.post(`${path}/pause`)).status).toBe(202);
  await jobsWhen(retort, id, (all) => named(all, 'cw on plain').status === 'paused');
  expect((await retort.post(`${path}/resume`)).status).toBe(202);
  await jobsWhen(retort, id, (all) => named(all, 'cw on plain').status === 'running');
  await untilCheckpoint(id);
  await drain(retort, worker);
  await jobsWhen(retort, id, (all) => named(all, 'cw on plain').status === 'queued');
  await retort.startWorker(terms);

  const job = named(await finishedJobs(retort, id), 'cw on plain');
  expect(job).toMatchObject({ status: 'succeeded', attempts: { started: 3, spent: 0 } });
  expect(sha256Of(job, 'adversarial')).toBe(sha256Of(undisturbed, 'adversarial'));
  const types = (await eventsOf(retort, id)).map(({ type }) => type);
  expect(types.filter((type) => type === 'job.checkpointed').length).toBeGreaterThanOrEqual(2);
  expect(types).toEqual(expect.arrayContaining(['job.pausing', 'job.paused', 'job.resumed', 'job.retrying']));
});
