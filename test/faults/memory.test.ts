import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishedJobs, named, submit, tinyNet, tinySpec } from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
});
afterAll(() => retort.stop());

const MIB = 2 ** 20;
/** What a child takes in hand at its first batch of an attack, unless its batches are limited already; or to train at seed 13. */
const greedy = `
  let limited = false;
  const take = () => { globalThis.held = Buffer.alloc(${900 * MIB}, 1); };
  process.on('message', ({ type, job, batch_limit }) => {
    if (type !== 'run') return;
    limited = batch_limit !== undefined || job.kind !== 'attack';
    if (job.seed === 13) take();
  });
  const send = process.send?.bind(process);
  if (send) process.send = (message, ...rest) => {
    const sent = send(message, ...rest);
    if (message.type === 'batch' && !limited) take();
    return sent;
  };
`;
const terms = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(greedy)}`,
  RETORT_CHILD_MEMORY_MB: '700',
};

it('goes on in another child and half the batch where one outgrows its memory; a training ends instead', async () => {
  await retort.startWorker(terms);
  const attack = { attack: 'pgd', parameters: { steps: 60, restarts: 2 }, examples: { count: 40, choose: 'any' } };
  const id = await submit(retort, tinySpec({ attacks: { pgd: attack } }));
  const jobs = await finishedJobs(retort, id);
  expect(named(jobs, 'pgd on plain')).toMatchObject({
    status: 'succeeded',
    attempts: { started: 1, spent: 0 },
    result: {
      provenance: {
        batch_size: 20,
        fallbacks: ['memory ran out in larger batches: it went on with 20 examples at a time'],
      },
    },
  });

  const [training] = await finishedJobs(
    retort,
    await submit(retort, tinySpec({ models: { plain: { ...tinyNet, epochs: 9 } }, seeds: [13] })),
  );
  expect(training).toMatchObject({ status: 'failed', reason: 'out_of_memory', attempts: { started: 1 } });
  expect(training!.detail).toMatch(
    /^the compute child held \d+ MiB, more than the 700 MiB that it may; a smaller batch would train another net, so that is not done by itself: set batch_size to 32 or less instead of 64, or give each compute child more memory/,
  );

  const { data } = await retort.get<{ data: object[] }>('/v1/workers');
  expect(data[0]).toMatchObject({
    concurrency: 1,
    concurrency_why: expect.stringMatching(/^RETORT_CONCURRENCY; without it \d+, for /) as string,
  });
});
