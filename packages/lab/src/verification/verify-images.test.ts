import '@tensorflow/tfjs';
import { matMul, setBackend, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Classifier } from '../classifier.js';
import { verifyImages } from './verify-images.js';

/** Class 1 where the first of two pixels is larger than the second. */
const classifier: Classifier = {
  inputShape: [2],
  classes: 2,
  logits: (batch) => matMul(batch as Tensor2D, tensor2d([0, 1, 1, 0], [2, 2])),
};

describe('verifyImages', () => {
  beforeAll(() => setBackend('cpu'));

  const verify = (images: number[], epsilon: number, norm: 'linf' | 'l2' = 'linf') =>
    verifyImages({
      classifier,
      originals: Float32Array.of(0.6, 0.4, 0.6, 0.4, 0.6, 0.4, 0.6, 0.4, 0.6, 0.4),
      labels: [1, 1, 1, 1, 1],
      images: Float32Array.from(images),
      norm,
      epsilon,
    });
  // In turn: fools within 0.2; fools beyond it; leaves the box; is no number; does not fool.
  const images = [0.4, 0.6, 0.1, 0.9, -0.1, 0.5, NaN, 1, 0.6, 0.5];

  it('counts as a success only what fools the net within the box and the bound', async () => {
    const { outcome, refused } = await verify(images, 0.2);
    expect(outcome.success).toEqual([true, false, false, false, false]);
    expect(refused).toEqual({ not_finite: 1, outside_box: 1, beyond_epsilon: 1 });
    expect([outcome.gradients, outcome.forwards]).toEqual([Array(5).fill(0), Array(5).fill(1)]);
    // What was refused is not what is kept.
    expect(outcome.predicted).toEqual([0, 1, 1, 1, 1]);
    expect([...outcome.adversarial.subarray(2, 4)]).toEqual([0.6, 0.4].map(Math.fround));
  });

  it('takes the distance in the norm asked for', async () => {
    // (0.2, 0.2) is 0.2828 long.
    expect((await verify(images, 0.28, 'l2')).outcome.success[0]).toBe(false);
    expect((await verify(images, 0.283, 'l2')).outcome.success[0]).toBe(true);
    expect((await verify(images, 0.5)).outcome.success).toEqual([true, true, false, false, false]);
    expect((await verify(images, 0)).outcome.success).toEqual([false, false, false, false, false]);
  });
});
