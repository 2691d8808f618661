import '@tensorflow/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { formulaImages, formulaNet, linearImages, linearLabels, linearModel } from '../attacks/testing/classifiers.js';
import { lossGradients } from '../gradients/loss-gradients.js';
import { margin } from '../losses/margin.js';
import { predictLogits } from '../predict.js';
import { expectationOver } from './expectation.js';
import { withInputNoise } from './input-noise.js';
import { mostFrequentLabels } from './most-frequent-labels.js';

const linear = linearModel();
const many = 4000;
/** The first image of the check values, over and over. */
const repeated = Float32Array.from({ length: many * 4 }, (_, at) => linearImages[at % 4]!);

beforeAll(() => setBackend('cpu'));

describe('withInputNoise', () => {
  it('spreads the logits of a linear net as its weights spread the noise', async () => {
    const logits = await predictLogits(withInputNoise(linear, 0.5, 7), repeated, many);
    const weights = [0, 1, 2].map((column) => Math.hypot(...[0, 1, 2, 3].map((row) => slope(row, column))));
    for (const column of [0, 1, 2]) {
      const values = Array.from({ length: many }, (_, row) => logits[row * 3 + column]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / many;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many);
      const expected = 0.5 * weights[column]!;
      expect(Math.abs(mean - linear.logits64([...linearImages.subarray(0, 4)])[column]!)).toBeLessThan(
        (4 * expected) / Math.sqrt(many),
      );
      expect(deviation / expected).toBeGreaterThan(0.95);
      expect(deviation / expected).toBeLessThan(1.05);
    }
  });

  it('answers another way each time, and the same way from the same seed on', async () => {
    const answers = async (seed: number) => {
      const noisy = withInputNoise(linear, 0.1, seed);
      return [await predictLogits(noisy, linearImages, 2), await predictLogits(noisy, linearImages, 2)];
    };
    const [first, second] = await answers(1);
    expect(first).not.toEqual(second);
    expect(await answers(1)).toEqual([first, second]);
    expect(await answers(2)).not.toEqual([first, second]);
  });

  it('leaves a classifier without noise as it is, and refuses what is no deviation', () => {
    expect(withInputNoise(linear, 0, 1)).toBe(linear);
    expect(() => withInputNoise(linear, -1, 1)).toThrow(/not -1/);
    expect(() => withInputNoise(linear, NaN, 1)).toThrow(/not NaN/);
  });
});

describe('expectationOver', () => {
  it('is the classifier itself where that is not random, gradients included', async () => {
    const net = formulaNet();
    const images = formulaImages(5, net);
    const labels = [0, 1, 2, 3, 0];
    const [own, mean] = await Promise.all(
      [net, expectationOver(net, 3)].map((classifier) => lossGradients(classifier, images, labels, margin)),
    );
    own!.gradients.forEach((value, at) => expect(mean!.gradients[at]).toBeCloseTo(value, 5));
    own!.logits.forEach((value, at) => expect(mean!.logits[at]).toBeCloseTo(value, 5));
  });

  it('varies less the more passes it has, and leaves no tensors', async () => {
    const tensors = memory().numTensors;
    const spread = async (draws: number) => {
      const logits = await predictLogits(
        expectationOver(withInputNoise(linear, 0.5, 3), draws),
        repeated.subarray(0, 4000),
        1000,
      );
      const values = Array.from({ length: 1000 }, (_, row) => logits[row * 3]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    };
    expect((await spread(1)) / (await spread(16))).toBeCloseTo(4, 0);
    expect(memory().numTensors).toBe(tensors);
  });

  it('refuses what is no number of passes', () => {
    expect(() => expectationOver(linear, 0)).toThrow(/not 0/);
    expect(() => expectationOver(linear, 1.5)).toThrow(/not 1.5/);
  });
});

describe('mostFrequentLabels', () => {
  it('gives the class that wins most passes', async () => {
    const noisy = withInputNoise(linear, 0.05, 3);
    expect(await mostFrequentLabels(noisy, linearImages, 2, { passes: 15 })).toEqual(linearLabels);
  });
});

/** The weight of the linear model from a pixel to a class. */
function slope(pixel: number, column: number): number {
  const image = [0, 0, 0, 0].with(pixel, 1);
  return linear.logits64(image)[column]! - linear.logits64([0, 0, 0, 0])[column]!;
}
