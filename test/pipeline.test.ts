import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectInside } from './support/attacked-images.js';
import { finishedJobs, named, sha256Of, submit, tinyNet, tinySpec } from './support/experiments.js';
import { startRetort, type TestRetort } from './support/retort.js';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
  await retort.startWorker({ RETORT_CONCURRENCY: '2' });
});
afterAll(() => retort.stop());

const distill = (changes: object) => ({ ...tinyNet, ...changes, kind: 'distill', teacher: 'hot' });
const family = tinySpec({
  models: {
    plain: tinyNet,
    hot: { ...tinyNet, temperature: 20 },
    student: distill({ temperature: 20 }),
    control: distill({ temperature: 20, targets: 'true-labels' }),
    loud: { kind: 'deploy', model: 'plain', deployment_temperature: 0.05 },
  },
  attacks: {
    fgsm: { attack: 'fgsm', models: ['plain', 'hot', 'loud'], examples: { count: 20 } },
    'fgsm-margin': {
      attack: 'fgsm',
      parameters: { loss: 'margin' },
      models: ['plain', 'loud'],
      examples: { count: 20 },
    },
    transfer: { attack: 'fgsm-goodfellow', source: 'plain', models: ['loud', 'hot'], examples: { count: 20 } },
  },
  metrics: { input_gradient: { models: ['plain', 'loud'], examples: { count: 20 } } },
});

interface NetResult {
  test_accuracy: { rate: number; of: number };
  training_temperature: number;
  deployment_temperature: number;
  provenance: { engine: { name: string; threads: number }; dataset: { sha256: string }; seed: number };
}

interface Transferred {
  attack: string;
  source: string;
  parameters: object;
  metrics: { success: object; source_success: object };
}

describe('the whole pipeline, on real MNIST', () => {
  it('trains, distils, deploys, measures and attacks, and says what made each result', async () => {
    const id = await submit(retort, family);
    const jobs = await finishedJobs(retort, id);
    const others = jobs.filter(({ status }) => status !== 'succeeded');
    expect(others.map(({ name, reason, detail }) => [name, reason, detail])).toEqual([]);
    expect(jobs).toHaveLength(14);

    const plain = named(jobs, 'plain').result as unknown as NetResult;
    expect(plain.test_accuracy.of).toBe(500);
    expect(plain.provenance).toMatchObject({ engine: { name: 'wasm', threads: 1 }, seed: 0 });

    // The control of distillation equals temperature-only training, bit for bit; the student of a teacher does not.
    expect(sha256Of(named(jobs, 'control'), 'weights')).toBe(sha256Of(named(jobs, 'hot'), 'weights'));
    expect(sha256Of(named(jobs, 'student'), 'weights')).not.toBe(sha256Of(named(jobs, 'hot'), 'weights'));

    // Scaled logits change no weight, no label and no attack on the margin, but shrink the gradient.
    expect(sha256Of(named(jobs, 'loud'), 'weights')).toBe(sha256Of(named(jobs, 'plain'), 'weights'));
    expect(sha256Of(named(jobs, 'loud'), 'predictions')).toBe(sha256Of(named(jobs, 'plain'), 'predictions'));
    const success = (name: string) => (named(jobs, name).result as { metrics: { success: unknown } }).metrics.success;
    expect(success('fgsm-margin on loud')).toEqual(success('fgsm-margin on plain'));
    // What is made on a net is tried on another: on the same net with scaled logits it does just the same.
    const transferred = named(jobs, 'transfer from plain on loud').result as unknown as Transferred;
    expect(transferred).toMatchObject({ attack: 'fgsm', source: 'plain', parameters: { epsilon: 0.25 } });
    expect(transferred.metrics.success).toEqual(transferred.metrics.source_success);
    const { source_success } = (named(jobs, 'transfer from plain on hot').result as unknown as Transferred).metrics;
    expect(source_success).toEqual(transferred.metrics.source_success);
    const median = (net: string) =>
      (named(jobs, `input gradient of ${net}`).result as { input_gradient: { log10_max_abs: { median: number } } })
        .input_gradient.log10_max_abs.median;
    expect(median('loud')).toBeLessThan(median('plain') - 1);

    const { status, artifacts, id: attackId } = named(jobs, 'fgsm on hot');
    expect(status).toBe('succeeded');
    const bytes = await fetch(`${retort.url}/v1/jobs/${attackId}/artifacts/adversarial`);
    const digest = createHash('sha256')
      .update(Buffer.from(await bytes.arrayBuffer()))
      .digest('hex');
    expect(digest).toBe(artifacts[0]!.sha256);
    expectInside(Buffer.from(await (await fetch(bytes.url)).arrayBuffer()), { count: 20, epsilon: 0.3 });

    const curve = await retort.get<{ data: { name: string; step: number; value: number }[] }>(
      `/v1/jobs/${named(jobs, 'plain').id}/metrics`,
    );
    expect(new Set(curve.data.map(({ name }) => name))).toContain('train_loss');
    const report = await (await fetch(`${retort.url}/v1/experiments/${id}/report`)).text();
    expect(report).toContain('<svg');
    expect(report).toContain('data:image/png;base64,');

    // A second run computes nothing; one without reuse computes the same weights again.
    const again = await finishedJobs(retort, await submit(retort, family));
    expect(again.every(({ reason }) => reason === 'reused')).toBe(true);
    const anew = await finishedJobs(retort, await submit(retort, tinySpec({ reuse: false })));
    expect(anew[0]).toMatchObject({ status: 'succeeded', reused_from: null });
    expect(sha256Of(anew[0]!, 'weights')).toBe(sha256Of(named(jobs, 'plain'), 'weights'));
  });

  it('ends a net that learnt nothing with a reason, and what builds on it with one that names it', async () => {
    const lame = { ...tinyNet, learning_rate: { base: 0, rule: 'constant' } };
    const attacks = { fgsm: { attack: 'fgsm', examples: { count: 20 } } };
    const jobs = await finishedJobs(retort, await submit(retort, tinySpec({ models: { lame }, attacks })));
    expect(jobs[0]!.status).toBe('failed');
    expect(['constant_output', 'accuracy_below_minimum']).toContain(jobs[0]!.reason);
    expect(jobs[1]).toMatchObject({ status: 'failed', reason: 'parent_failed' });
    expect(jobs[1]!.detail).toContain('"lame"');
  });

  it('says how many examples there are where there are too few', async () => {
    const attacks = { fgsm: { attack: 'fgsm', examples: { count: 500, choose: 'clean-correct' } } };
    const jobs = await finishedJobs(retort, await submit(retort, tinySpec({ attacks })));
    expect(jobs[1]).toMatchObject({ status: 'failed', reason: 'too_few_examples' });
    expect(jobs[1]!.detail).toMatch(/500 clean-correct examples were asked for, but of 500 test images only \d+/);
  });
});
