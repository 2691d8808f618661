import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { attackParameters, type AttackName } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import { formulaImages, formulaNet } from './testing/classifiers.js';
import { contextOf, run } from './testing/contexts.js';
import { settings, type Parameters } from './testing/settings.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const curved = contextOf(formulaNet(), formulaImages(16, formulaNet()));

/** The settings of attacks with a radius or a budget of pixel values, which they never exceed, and what it is called. */
const bounded = settings.flatMap(([name, parameters]): [AttackName, Parameters, string][] => {
  const { properties } = attackParameters[name];
  const bound = ['epsilon', 'maximum_pixels', 'maximum_features'].find((field) => field in properties);
  const unbounded = name === 'worst-case' && parameters.norm === undefined;
  return bound && !unbounded ? [[name, parameters, bound]] : [];
});

describe.each(bounded)('%s %j', (name, parameters, bound) => {
  it('of no size changes nothing', async () => {
    const outcome = await run(name, curved, { ...parameters, [bound]: 0 });
    expect(outcome.adversarial).toEqual(curved.images);
    expect(outcome.success).not.toContain(true);
    expect(outcome.noGradient).not.toContain(true);
  });

  it('fools no fewer examples the further it may go', async () => {
    const fooled: number[] = [];
    for (const size of bound === 'epsilon' ? [0.0001, 0.03, 0.1, 1] : [0, 2, 6, 20]) {
      const step = 'step_size' in parameters && { step_size: size / 4 };
      const { success } = await run(name, curved, { ...parameters, ...step, [bound]: size });
      fooled.push(success.filter(Boolean).length);
    }
    expect(fooled).toEqual([...fooled].sort((a, b) => a - b));
    expect(fooled[0]).toBe(0);
    expect(fooled.at(-1)).toBeGreaterThan(0);
  });
});

/** What no scale of the logits may touch: it asks for no probability, and weighs no logit against a distance. */
const scaleFree = settings.filter(([name, { loss, saliency }]) => {
  if (['deepfool', 'fab', 'fmn', 'apgd-t', 'square', 'random-noise', 'salt-and-pepper'].includes(name)) return true;
  if (name === 'jsma') return saliency === 'logits';
  return loss === 'margin' || loss === 'dlr';
});

describe.each(scaleFree)('%s %j', (name, parameters) => {
  it('finds the same, bit for bit, whatever power of two multiplies the logits', async () => {
    const plain = await run(name, curved, parameters);
    for (const scale of [2 ** -10, 2 ** 10]) {
      const scaled = await run(name, { ...curved, classifier: formulaNet({ scale }) }, parameters);
      expect({ ...scaled, confidence: plain.confidence }).toEqual(plain);
    }
  });
});

/** Minimum-norm attacks that can be aimed, the norm that they make small, and settings that come near the minimum. */
const aimed: [AttackName, 'l2' | 'linf', Parameters][] = [
  ['cw-l2', 'l2', { binary_search_steps: 5, initial_constant: 1, steps: 60, learning_rate: 0.05 }],
  ['cw-linf', 'linf', { steps: 50, initial_constant: 0.1, learning_rate: 0.02 }],
  ['ddn', 'l2', { steps: 60, loss: 'margin' }],
  ['fmn', 'l2', { steps: 60 }],
  ['fmn', 'linf', { steps: 60, norm: 'linf' }],
];

describe.each(aimed)('%s in %s', (name, norm, parameters) => {
  it('reaches no target nearer than it reaches any class, and the nearest target as near', async () => {
    const context = contextOf(formulaNet(), formulaImages(8, formulaNet()));
    const distances = async (given: Parameters) => {
      const { adversarial, success } = await run(name, context, { ...parameters, ...given });
      return rows(adversarial, 20).map((image, at) =>
        success[at] ? distanceBetween(rows(context.images, 20)[at]!, image, 1)[norm] : Infinity,
      );
    };
    const untargeted = await distances({});
    const targeted = [1, 2, 3].map((target_offset) => distances({ target_offset }));
    const all = await Promise.all(targeted);
    untargeted.forEach((distance, at) => {
      const nearest = Math.min(...all.map((each) => each[at]!));
      expect(nearest).toBeGreaterThan(0.97 * distance);
      expect(nearest).toBeLessThan(1.03 * distance);
    });
  });
});
