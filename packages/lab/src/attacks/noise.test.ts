import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import type { AttackContext } from './attack.js';
import { randomNoise } from './random-noise.js';
import { saltAndPepper } from './salt-and-pepper.js';
import { formulaImages, formulaNet, labelsOf, linearImages, linearLabels, linearModel } from './testing/classifiers.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const linear: AttackContext = { classifier: linearModel(), images: linearImages, labels: linearLabels, seed: 1 };
const net = formulaNet();
const images = formulaImages(30, net);
const curved: AttackContext = { classifier: net, images, labels: labelsOf(net, images), seed: 1 };

function count(success: readonly boolean[]): number {
  return success.filter(Boolean).length;
}

describe('random noise', () => {
  // The smallest Linf and L2 sizes that change the label of image 0, which few directions reach.
  it.each([
    ['linf', 0.06410256],
    ['l2', 0.12007303],
  ] as const)('never fools the linear model below the smallest %s, and does well above', async (norm, just) => {
    expect((await randomNoise.run(linear, { norm, epsilon: just * 0.9999, tries: 200 })).success[0]).toBe(false);
    expect((await randomNoise.run(linear, { norm, epsilon: just * 2, tries: 200 })).success[0]).toBe(true);
  });

  it('succeeds more often the larger epsilon is', async () => {
    const successes: number[] = [];
    for (const epsilon of [0.0001, 0.03, 0.1, 0.5]) {
      successes.push(count((await randomNoise.run(curved, { epsilon, tries: 20 })).success));
    }
    expect(successes).toEqual([...successes].sort((a, b) => a - b));
    expect(successes[0]).toBe(0);
    expect(successes.at(-1)).toBeGreaterThan(15);
  });

  it('stops at its first success, after a forward pass a try and no gradient', async () => {
    const { success, forwards, gradients, noGradient } = await randomNoise.run(curved, { epsilon: 0.1, tries: 6 });
    success.forEach((fooled, at) => {
      if (!fooled) expect(forwards[at]).toBe(6);
    });
    expect(Math.min(...forwards)).toBeLessThan(6);
    expect(new Set(gradients)).toEqual(new Set([0]));
    expect(noGradient).not.toContain(true);
  });

  it('with more tries keeps what fewer found', async () => {
    const few = await randomNoise.run(curved, { epsilon: 0.1, tries: 2 });
    const many = await randomNoise.run(curved, { epsilon: 0.1, tries: 8 });
    rows(few.adversarial, 20).forEach((image, at) => {
      if (few.success[at]) expect(rows(many.adversarial, 20)[at]).toEqual(image);
    });
    expect(count(many.success)).toBeGreaterThan(count(few.success));
  });
});

describe('salt-and-pepper noise', () => {
  it('sets pixel values to 0 or 1 only, at most as many as allowed', async () => {
    const { adversarial } = await saltAndPepper.run(curved, { maximum_pixels: 5, stages: 3, tries: 2 });
    rows(adversarial, 20).forEach((image, at) => {
      const original = rows(images, 20)[at]!;
      expect(distanceBetween(original, image, 1).l0).toBeLessThanOrEqual(5);
      image.forEach((pixel, place) => {
        if (pixel !== original[place]) expect([0, 1]).toContain(pixel);
      });
    });
  });

  it('sets all of it in the end, where nothing is fooled', async () => {
    const constant = new Float32Array(20).fill(0.5);
    const context: AttackContext = { ...curved, images: constant, labels: labelsOf(net, constant) };
    const outcome = await saltAndPepper.run(context, { maximum_pixels: 1, stages: 4, tries: 3 });
    expect(outcome.success).toEqual([false]);
    expect(outcome.forwards).toEqual([12]);
    expect(distanceBetween(constant, outcome.adversarial, 1).l0).toBe(1);
  });

  it('finds the one pixel of the linear model that matters', async () => {
    // Image 0 becomes class 1 where its first pixel is 0 (or its second 1), image 1 class 2 where its first is 0.
    const { success } = await saltAndPepper.run(linear, { maximum_pixels: 4, stages: 4, tries: 20 });
    expect(success).toEqual([true, true]);
  });

  it('succeeds more often the more pixels it may set', async () => {
    const successes: number[] = [];
    for (const pixels of [0, 1, 4, 20]) {
      successes.push(count((await saltAndPepper.run(curved, { maximum_pixels: pixels, stages: 2, tries: 4 })).success));
    }
    expect(successes).toEqual([...successes].sort((a, b) => a - b));
    expect(successes[0]).toBe(0);
    expect(successes.at(-1)).toBeGreaterThan(10);
  });

  it('looks once a stage and try', async () => {
    const { forwards, success } = await saltAndPepper.run(curved, { maximum_pixels: 0, stages: 3, tries: 4 });
    expect(success).not.toContain(true);
    expect(new Set(forwards)).toEqual(new Set([12]));
  });
});
