import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import type { AttackContext } from './attack.js';
import { hopSkipJump } from './hop-skip-jump.js';
import { formulaImages, formulaNet, labelsOf, linearImages, linearLabels, linearModel } from './testing/classifiers.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const linear: AttackContext = { classifier: linearModel(), images: linearImages, labels: linearLabels, seed: 1 };
const net = formulaNet();
const images = formulaImages(8, net);
const curved: AttackContext = { classifier: net, images, labels: labelsOf(net, images), seed: 1 };

function distances(from: Float32Array, to: Float32Array, pixels: number, norm: 'l2' | 'linf'): number[] {
  return rows(to, pixels).map((image, at) => distanceBetween(rows(from, pixels)[at]!, image, 1)[norm]);
}

describe('HopSkipJump', () => {
  // The smallest sizes that change the label of each image of the linear model, and those that its walk comes to: in Linf
  // that of image 0 starts in class 0, 0.375 / 4.1 away, and so ends on the boundary of class 0.
  it.each([
    ['l2', [0.12007303, 0.31709478], [0.12007303, 0.31709478]],
    ['linf', [0.06410256, 0.16829268], [0.09146341, 0.16829268]],
  ] as const)('comes as near as the linear model allows in %s, and no nearer', async (norm, least, reached) => {
    const { adversarial, success } = await hopSkipJump.run(linear, { norm, queries: 4000 });
    expect(success).toEqual([true, true]);
    distances(linearImages, adversarial, 4, norm).forEach((distance, at) => {
      expect(distance).toBeGreaterThanOrEqual(least[at]! - 1e-6);
      expect(distance).toBeLessThanOrEqual(reached[at]! * 1.05);
    });
  });

  it.each(['l2', 'linf'] as const)('comes nearer the more queries it has, and asks for no more: %s', async (norm) => {
    let before = Array<number>(8).fill(Infinity);
    for (const queries of [40, 400, 1500]) {
      const { adversarial, forwards, gradients, success, noGradient } = await hopSkipJump.run(curved, {
        norm,
        queries,
      });
      expect(success).not.toContain(false);
      expect(Math.max(...forwards)).toBeLessThanOrEqual(queries);
      expect(Math.min(...forwards)).toBe(queries);
      expect(gradients).toEqual(Array(8).fill(0));
      expect(noGradient).not.toContain(true);
      const reached = distances(images, adversarial, 20, norm);
      reached.forEach((distance, at) => expect(distance).toBeLessThanOrEqual(before[at]!));
      before = reached;
    }
  });

  it('does the same to any net that decides the same, however it hides its gradient', async () => {
    const loud = { ...curved, classifier: formulaNet({ scale: 1e6 }) };
    const outcome = await hopSkipJump.run(curved, { queries: 300 });
    const { adversarial, forwards } = await hopSkipJump.run(loud, { queries: 300 });
    expect({ adversarial, forwards }).toEqual({ adversarial: outcome.adversarial, forwards: outcome.forwards });
  });

  it('reaches its target where it says so', async () => {
    const { success, predicted } = await hopSkipJump.run(curved, { queries: 400, target_offset: 1 });
    expect(success).toContain(true);
    expect(success).toEqual(predicted.map((label, at) => label === (curved.labels[at]! + 1) % 4));
  });

  it('leaves an example as it was for which it finds no start, or which fools already', async () => {
    const constant = linearModel(0);
    const alone: AttackContext = { classifier: constant, images: linearImages, labels: [0, 0], seed: 1 };
    const lost = await hopSkipJump.run(alone, { queries: 500, initial_tries: 7 });
    expect(lost).toMatchObject({ success: [false, false], forwards: [8, 8], adversarial: linearImages });
    const given = await hopSkipJump.run({ ...alone, labels: [1, 2] }, {});
    expect(given).toMatchObject({ success: [true, true], forwards: [1, 1], adversarial: linearImages });
  });

  it('keeps within the fewest queries', async () => {
    for (const queries of [1, 2, 3, 12]) {
      const { forwards, adversarial } = await hopSkipJump.run(curved, { queries });
      expect(Math.max(...forwards)).toBeLessThanOrEqual(queries);
      expect(adversarial.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
    }
  });
});
