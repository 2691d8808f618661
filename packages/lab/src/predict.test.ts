import '@tensorflow/tfjs';
import { memory, setBackend, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Classifier } from './classifier.js';
import { largestLogits, predictLabels, predictLogits } from './predict.js';

/** Gives its two inputs back as logits. */
const identity: Classifier = { inputShape: [2], classes: 2, logits: (batch) => batch.clone() as Tensor2D };
const images = Float32Array.of(0.5, 0.25, 0, 1, 0.75, 0.75);

beforeAll(() => setBackend('cpu'));

describe('predictLogits', () => {
  it.each([1, 2, 3, 100])('gives the logits in the order of the images, by batches of %d', async (batchSize) => {
    const before = memory().numTensors;
    expect(await predictLogits(identity, images, 3, batchSize)).toEqual(images);
    expect(memory().numTensors).toBe(before);
  });

  it('refuses another number of images', async () => {
    await expect(predictLogits(identity, images, 2)).rejects.toThrow('2 images of 2 values each are 4 values, not 6');
  });

  it('stops when the signal is aborted', async () => {
    const reason = new Error('enough');
    await expect(predictLogits(identity, images, 3, 1, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('predictLabels', () => {
  it('gives the class of the largest logit, and of equal ones the first', async () => {
    expect(await predictLabels(identity, images, 3)).toEqual(Uint8Array.of(0, 1, 0));
  });
});

describe('largestLogits', () => {
  it('refuses a logit that is no number rather than choose class 0', () => {
    expect(() => largestLogits(Float32Array.of(1, 2, NaN, 3), 2)).toThrow('the logit of class 0 of image 1 is NaN');
    expect(largestLogits(Float32Array.of(-Infinity, -5), 2)).toEqual(Uint8Array.of(1));
  });
});
