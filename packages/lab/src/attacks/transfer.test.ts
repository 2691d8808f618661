import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import { attackMetrics } from '../metrics/attack-metrics.js';
import type { AttackContext, AttackOutcome } from './attack.js';
import { attackNamed } from './attacks.js';
import { mergeOutcomes } from './merge.js';
import { formulaImages, formulaNet, labelsOf, type Analytic } from './testing/classifiers.js';
import { transferConfidence } from './transfer-confidence.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const source = formulaNet();
const target = formulaNet({ activation: 'relu', hidden: 8 });
const images = formulaImages(16, source);
const context: AttackContext = { classifier: source, images, labels: labelsOf(source, images), seed: 3 };
const transfer: AttackContext = { ...context, transferTo: target };

describe.each([
  ['pgd', { epsilon: 0.1, steps: 5, step_size: 0.03 }],
  ['cw-l2', { steps: 20, binary_search_steps: 3, initial_constant: 1 }],
  ['jsma', { maximum_features: 6 }],
  ['autoattack', { epsilon: 0.05, steps: 3, targets: 2, queries: 4 }],
] as const)('%s, its images tried on another net', (name, parameters) => {
  it('makes the same images at the same cost, and judges them there and where they were made', async () => {
    const alone = await attackNamed(name).run(context, parameters);
    const outcome = await attackNamed(name).run(transfer, parameters);
    expect(outcome.adversarial).toEqual(alone.adversarial);
    expect(outcome.gradients).toEqual(alone.gradients);
    expect(outcome.forwards).toEqual(alone.forwards);
    expect(outcome.sourceSuccess).toEqual(alone.success);
    expect(outcome.by).toEqual(alone.by);

    const predicted = rows(outcome.adversarial, 20).flatMap((image) => labelsOf(target, image));
    expect(outcome.predicted).toEqual(predicted);
    const offset = name === 'jsma' ? 1 : 0;
    const wanted = (label: number, at: number) =>
      offset === 0 ? label !== context.labels[at] : label === (context.labels[at]! + offset) % 4;
    expect(outcome.success).toEqual(predicted.map(wanted));
    expect(outcome.success).not.toEqual(outcome.sourceSuccess);
  });

  it('asks the other net for one forward pass an image', async () => {
    let asked = 0;
    const counting: Analytic = { ...target, logits: (batch) => ((asked += batch.shape[0]), target.logits(batch)) };
    await attackNamed(name).run({ ...transfer, transferTo: counting, batchSize: 5 }, parameters);
    expect(asked).toBe(16);
  });
});

describe.each([
  ['pgd', { epsilon: 0.15, steps: 10, step_size: 0.03, loss: 'margin' }],
  ['bim', { epsilon: 0.15, steps: 10, step_size: 0.03, loss: 'margin' }],
  ['mi-fgsm', { epsilon: 0.15, steps: 10, loss: 'margin' }],
  ['apgd', { epsilon: 0.15, steps: 10, loss: 'margin' }],
  ['square', { epsilon: 0.15, queries: 100 }],
] as const)('%s with the confidence of a transfer', (name, parameters) => {
  it('climbs on after its first success, and fools the other net at least as often', async () => {
    const early = await attackNamed(name).run(transfer, parameters);
    const late = await attackNamed(name).run({ ...transfer, confidence: transferConfidence(name) }, parameters);
    const spent = name === 'square' ? late.forwards : late.gradients;
    expect(spent).toEqual(spent.map(() => (name === 'square' ? 100 : 10)));
    expect(meanLead(late.adversarial)).toBeGreaterThan(meanLead(early.adversarial) + 0.05);
    const fooled = ({ success }: AttackOutcome) => success.filter(Boolean).length;
    expect(fooled(late)).toBeGreaterThanOrEqual(fooled(early));
  });
});

/** By how much the largest wrong logit of the net that the images are made on leads the label's, on average. */
function meanLead(adversarial: Float32Array): number {
  const leads = rows(adversarial, 20).map((image, at) => {
    const logits = source.logits64([...image]);
    const label = context.labels[at]!;
    return Math.max(...logits.filter((_, other) => other !== label)) - logits[label]!;
  });
  return leads.reduce((sum, lead) => sum + lead, 0) / leads.length;
}

describe('the confidence of a transfer', () => {
  it('is 0 for an attack that never succeeds with more, or ends at its last aim', () => {
    const others = ['fgsm', 'random-noise', 'cw-l2', 'hop-skip-jump', 'fab', 'apgd-t', 'autoattack'] as const;
    expect(others.map(transferConfidence)).toEqual(others.map(() => 0));
  });
});

describe('a transfer', () => {
  it('to the same net with other logits of the same order succeeds wherever the attack does', async () => {
    const twin = formulaNet({ scale: 50 });
    const { success, sourceSuccess } = await attackNamed('pgd').run(
      { ...context, transferTo: twin },
      { epsilon: 0.05, steps: 5, step_size: 0.02 },
    );
    expect(new Set(success)).toEqual(new Set([true, false]));
    expect(success).toEqual(sourceSuccess);
  });

  it('succeeds more often the more confident the images of Carlini and Wagner are', async () => {
    const counts: number[] = [];
    for (const confidence of [0, 1, 4]) {
      const parameters = { steps: 40, binary_search_steps: 4, initial_constant: 1, learning_rate: 0.05, confidence };
      const { success, sourceSuccess } = await attackNamed('cw-l2').run(transfer, parameters);
      expect(sourceSuccess).not.toContain(false);
      counts.push(success.filter((fooled) => fooled).length);
    }
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[2]).toBeGreaterThan(counts[0]!);
  });

  it('has both rates in its metrics, whole or merged from shards', async () => {
    const parameters = { epsilon: 0.1 };
    const outcome = await attackNamed('fgsm').run(transfer, parameters);
    const half = (from: number, to: number) => ({
      ...transfer,
      images: images.slice(from * 20, to * 20),
      labels: Array.from(transfer.labels).slice(from, to),
      indices: Array.from({ length: to - from }, (_, at) => from + at),
    });
    const shards = [half(0, 9), half(9, 16)].map((shard) => attackNamed('fgsm').run(shard, parameters));
    expect(mergeOutcomes(await Promise.all(shards))).toEqual(outcome);
    const metrics = attackMetrics({
      classifier: source,
      originals: images,
      labels: context.labels,
      clean: context.labels,
      outcome,
    });
    expect(metrics.success).toMatchObject({ count: outcome.success.filter(Boolean).length, of: 16 });
    expect(metrics.source_success).toMatchObject({ count: outcome.sourceSuccess!.filter(Boolean).length, of: 16 });
    expect(metrics.l2.count).toBe(metrics.success.count);
  });

  it('is refused where the other net takes other images, or has other classes', async () => {
    const other = formulaNet({ inputShape: [3, 2, 3] });
    await expect(attackNamed('fgsm').run({ ...context, transferTo: other }, {})).rejects.toThrow(
      'images of shape [5, 4, 1] in 4 classes cannot be tried on a classifier of [3, 2, 3] in 4',
    );
    const fewer = formulaNet({ classes: 3 });
    await expect(attackNamed('fgsm').run({ ...context, transferTo: fewer }, {})).rejects.toThrow('[5, 4, 1] in 3');
  });
});
