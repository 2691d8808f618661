import '@tensorflow/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import type { AttackName } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { distanceBetween } from '../metrics/distance.js';
import { size } from '../nets/plan.js';
import { rows } from '../gradients/rows.js';
import type { AttackContext, AttackOutcome } from './attack.js';
import { attackNamed, attacks } from './attacks.js';
import { mergeOutcomes } from './merge.js';
import { formulaImages, formulaNet, labelsOf, linearModel, type Analytic } from './testing/classifiers.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const settings: [AttackName, Record<string, unknown>][] = [
  ['fgsm', { epsilon: 0.1 }],
  ['fgsm', { epsilon: 0.1, temperature: 20 }],
  ['fgsm', { epsilon: 0.1, loss: 'margin' }],
  ['pgd', { epsilon: 0.08, step_size: 0.02, steps: 7 }],
  ['pgd', { epsilon: 0.05, step_size: 0.02, steps: 5, restarts: 3, loss: 'margin' }],
  ['pgd', { epsilon: 0.3, step_size: 0.1, steps: 6, restarts: 2, norm: 'l2', random_start: false }],
  ['pgd', { epsilon: 0.3, step_size: 0.1, steps: 6, norm: 'l2', target_offset: 1, temperature: 5 }],
  ['bim', { epsilon: 0.08, step_size: 0.02, steps: 5 }],
  ['bim', { epsilon: 0.08, step_size: 0.02, steps: 5, target_offset: 1, loss: 'dlr' }],
  ['mi-fgsm', { epsilon: 0.08, steps: 5 }],
  ['mi-fgsm', { epsilon: 0.3, steps: 5, norm: 'l2', decay: 0.9, loss: 'dlr' }],
  ['apgd', { epsilon: 0.05, steps: 9, restarts: 2 }],
  ['apgd', { epsilon: 0.2, steps: 9, norm: 'l2', loss: 'dlr' }],
  ['apgd', { epsilon: 0.05, steps: 9, target_offset: 1, loss: 'margin' }],
  ['apgd-t', { epsilon: 0.05, steps: 6, targets: 2 }],
  ['apgd-t', { epsilon: 0.2, steps: 6, targets: 2, norm: 'l2' }],
  ['square', { epsilon: 0.05, queries: 15 }],
  ['square', { epsilon: 0.2, queries: 15, norm: 'l2', target_offset: 1 }],
  ['random-noise', { epsilon: 0.05, tries: 5 }],
  ['random-noise', { epsilon: 0.2, tries: 5, norm: 'l2' }],
  ['salt-and-pepper', { maximum_pixels: 3, stages: 2, tries: 2 }],
  ['jsma', { maximum_features: 6 }],
  ['jsma', { maximum_features: 5, search: 'single', saliency: 'logits', theta: 0.3 }],
  ['jsma', { maximum_features: 6, direction: 'decrease', temperature: 10 }],
  ['song-saliency', { maximum_pixels: 9 }],
  ['song-saliency', { maximum_pixels: 9, score: 'gradient-exact', temperature: 3 }],
  ['song-saliency', { maximum_pixels: 9, score: 'finite-difference', loss: 'margin' }],
  ['autoattack', { epsilon: 0.02, steps: 3, targets: 2, queries: 4 }],
  ['autoattack', { epsilon: 0.1, norm: 'l2', steps: 3, targets: 2, queries: 4 }],
];

const nets: [string, Analytic][] = [
  ['a linear model', linearModel()],
  ['a tanh net', formulaNet()],
  ['a ReLU net with inflated logits', formulaNet({ activation: 'relu', hidden: 9, scale: 30 })],
  ['a net of two classes and three channels', formulaNet({ classes: 2, inputShape: [3, 2, 3] })],
  ['a net of a hundred classes', formulaNet({ classes: 100, inputShape: [6] })],
];

function contextOf(classifier: Analytic, images = formulaImages(7, classifier)): AttackContext {
  return { classifier, images, labels: labelsOf(classifier, images), seed: 11 };
}

/** The part of a context from one example up to another. */
function shardOf(context: AttackContext, from: number, to: number): AttackContext {
  const pixels = size(context.classifier.inputShape);
  const indices = Array.from(context.labels, (_, at) => at).slice(from, to);
  return {
    ...context,
    images: context.images.slice(from * pixels, to * pixels),
    labels: Array.from(context.labels).slice(from, to),
    indices,
  };
}

function run(name: AttackName, context: AttackContext, parameters: Record<string, unknown>): Promise<AttackOutcome> {
  return attackNamed(name).run(context, parameters);
}

describe.each(settings)('%s %j', (name, parameters) => {
  describe.each(nets)('on %s', (_, net) => {
    it('stays in the box and in its ball, and reports what the saved pixels do', async () => {
      const context = contextOf(net);
      const before = memory().numTensors;
      const outcome = await run(name, context, parameters);
      expect(memory().numTensors).toBe(before);
      expect(outcome.adversarial.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);

      const pixels = size(net.inputShape);
      const offset = Number(parameters.target_offset ?? (name === 'jsma' ? 1 : 0));
      rows(outcome.adversarial, pixels).forEach((image, at) => {
        const distance = distanceBetween(rows(context.images, pixels)[at]!, image, 1);
        const epsilon = Number(parameters.epsilon ?? Infinity);
        expect(parameters.norm === 'l2' ? distance.l2 : distance.linf).toBeLessThanOrEqual(epsilon + 1e-6);
        expect(distance.l0).toBeLessThanOrEqual(
          Number(parameters.maximum_features ?? parameters.maximum_pixels ?? Infinity),
        );
        const [predicted] = labelsOf(net, image);
        const label = context.labels[at]!;
        expect(outcome.predicted[at]).toBe(predicted);
        expect(outcome.success[at]).toBe(
          offset === 0 ? predicted !== label : predicted === (label + offset) % net.classes,
        );
      });
    });

    it('gives the same, however the examples are cut into batches and shards', async () => {
      const context = contextOf(net);
      const whole = await run(name, context, parameters);
      expect(await run(name, { ...context, batchSize: 1 }, parameters)).toEqual(whole);
      expect(await run(name, { ...context, batchSize: 3 }, parameters)).toEqual(whole);
      const shards = [shardOf(context, 0, 2), shardOf(context, 2, 6), shardOf(context, 6, 7)];
      expect(mergeOutcomes(await Promise.all(shards.map((shard) => run(name, shard, parameters))))).toEqual(whole);
    });
  });

  it.each([0, 0.5, 1])('copes with images that are %d everywhere', async (pixel) => {
    const net = formulaNet();
    const outcome = await run(name, contextOf(net, new Float32Array(40).fill(pixel)), parameters);
    expect(outcome.adversarial.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(outcome.success).toHaveLength(2);
  });

  it('asks for no more than it counts, so that a finished example has left the batch', async () => {
    const net = formulaNet();
    let asked = 0;
    const counting: Analytic = { ...net, logits: (batch) => ((asked += batch.shape[0]), net.logits(batch)) };
    const outcome = await run(name, contextOf(counting), parameters);
    const counted = [...outcome.gradients, ...outcome.forwards].reduce((sum, count) => sum + count, 0);
    // The last pass, which judges the images, is not the attack's.
    expect(asked).toBe(counted + outcome.success.length);
  });

  it('leaves the images given as they are', async () => {
    const context = contextOf(formulaNet());
    const before = context.images.slice();
    await run(name, context, parameters);
    expect(context.images).toEqual(before);
  });
});

describe('an attack', () => {
  const context = contextOf(formulaNet());

  it.each([
    ['fgsm', { epsilon: 0 }],
    ['pgd', { epsilon: 0, steps: 3 }],
    ['pgd', { epsilon: 0, steps: 3, norm: 'l2' }],
    ['bim', { epsilon: 0 }],
    ['mi-fgsm', { epsilon: 0 }],
    ['mi-fgsm', { epsilon: 0, norm: 'l2' }],
    ['apgd', { epsilon: 0, steps: 5 }],
    ['apgd', { epsilon: 0, steps: 5, norm: 'l2' }],
    ['apgd-t', { epsilon: 0, steps: 3 }],
    ['square', { epsilon: 0, queries: 5 }],
    ['square', { epsilon: 0, queries: 5, norm: 'l2' }],
    ['random-noise', { epsilon: 0, tries: 2 }],
    ['random-noise', { epsilon: 0, tries: 2, norm: 'l2' }],
    ['salt-and-pepper', { maximum_pixels: 0, tries: 1 }],
    ['jsma', { maximum_features: 0 }],
    ['song-saliency', { maximum_pixels: 0 }],
  ] as const)('of no size changes nothing: %s %j', async (name, parameters) => {
    const outcome = await run(name, context, parameters);
    expect(outcome.adversarial).toEqual(context.images);
    expect(outcome.success).not.toContain(true);
    expect(outcome.noGradient).not.toContain(true);
  });

  it('tells after each batch how many examples are done', async () => {
    const told: [number, number][] = [];
    await attacks.fgsm.run({ ...context, batchSize: 3, onProgress: (...progress) => told.push(progress) }, {});
    expect(told).toEqual([
      [3, 7],
      [6, 7],
      [7, 7],
    ]);
  });

  it('attacks no examples without complaint', async () => {
    const outcome = await attacks.pgd.run({ ...context, images: new Float32Array(0), labels: [] }, {});
    expect(outcome).toEqual({
      adversarial: new Float32Array(0),
      predicted: [],
      confidence: [],
      success: [],
      noGradient: [],
      gradients: [],
      forwards: [],
    });
  });

  it('counts an example that is misclassified already as it is given', async () => {
    const labels = Array.from(context.labels, (label) => (label + 1) % 4);
    const outcome = await attacks.fgsm.run({ ...context, labels }, { epsilon: 0 });
    expect(outcome.success).not.toContain(false);
  });

  it.each([
    ['pgd', { epsilon: 0, steps: 100000, restarts: 1000 }],
    ['bim', { epsilon: 0, steps: 100000 }],
    ['mi-fgsm', { epsilon: 0, steps: 100000 }],
    ['apgd', { epsilon: 0, steps: 100000 }],
    ['apgd-t', { epsilon: 0, steps: 100000 }],
    ['square', { epsilon: 0, queries: 10000000 }],
    ['random-noise', { epsilon: 0, tries: 1000000 }],
    ['salt-and-pepper', { maximum_pixels: 0, tries: 1000000 }],
  ] as const)('stops between two passes when it is cancelled: %s', async (name, parameters) => {
    const controller = new AbortController();
    const running = run(name, { ...context, signal: controller.signal }, parameters);
    setImmediate(() => controller.abort(new Error('cancelled by a person')));
    await expect(running).rejects.toThrow('cancelled by a person');
  });

  it('does not start when it is cancelled before', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(attacks.fgsm.run({ ...context, signal }, {})).rejects.toThrow('too late');
  });

  it.each([
    ['fgsm', { epsilon: -1 }, '/epsilon is -1'],
    ['fgsm', { epsilon: 0.1, step: 1 }, '"step" is not a field'],
    ['pgd', { steps: 0 }, '/steps is 0'],
    ['pgd', { temperature: 'training' }, 'resolve `training` before'],
    ['pgd', { target_offset: 4 }, 'makes every label its own target'],
    ['bim', { norm: 'l2' }, '"norm" is not a field'],
    ['mi-fgsm', { decay: -1 }, '/decay is -1'],
    ['apgd', { norm: 'l1' }, '/norm'],
    ['apgd', { loss: 'ce' }, '/loss'],
    ['apgd-t', { targets: 0 }, '/targets is 0'],
    ['apgd-t', { loss: 'cross-entropy' }, '/loss'],
    ['square', { initial_share: 0 }, '/initial_share is 0'],
    ['square', { queries: 0.5 }, '/queries is 0.5'],
    ['random-noise', { epsilon: -1 }, '/epsilon is -1'],
    ['salt-and-pepper', { maximum_pixels: -1 }, '/maximum_pixels is -1'],
    ['jsma', { theta: 2 }, '/theta is 2'],
    ['song-saliency', { score: 'loss' }, '/score'],
    ['autoattack', { norm: 'l1' }, '/norm'],
  ] as const)('%s refuses the parameters %j', async (name, parameters, message) => {
    await expect(run(name, context, parameters)).rejects.toThrow(message);
  });

  it.each([
    [{ images: new Float32Array(21) }, 'hold 140 values'],
    [{ images: context.images.map((pixel, at) => (at === 43 ? 1.5 : pixel)) }, 'pixel 3 of image 2 is 1.5'],
    [{ images: context.images.map((pixel, at) => (at === 20 ? NaN : pixel)) }, 'pixel 0 of image 1 is NaN'],
    [{ labels: [0, 1, 2, 3, 4, 0, 0] }, 'label 4 is 4'],
    [{ labels: [0, 1, 0.5, 3, 0, 0, 0] }, 'label 2 is 0.5'],
    [{ indices: [1, 2] }, 'as many indices'],
    [{ batchSize: 0 }, 'batch size'],
    [{ seed: 0.5 }, 'safe integer'],
  ])('refuses a context that does not fit, no. %#', async (part, message) => {
    await expect(attacks.pgd.run({ ...context, ...part }, {})).rejects.toThrow(message);
  });

  it('is found by its name alone', () => {
    expect(attackNamed('pgd')).toBe(attacks.pgd);
    expect(() => attackNamed('toString')).toThrow('the attacks are fgsm, pgd, jsma, song-saliency');
  });
});
