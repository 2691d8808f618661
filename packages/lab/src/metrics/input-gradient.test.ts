import '@tensorflow/tfjs';
import {
  add,
  matMul,
  memory,
  relu,
  setBackend,
  sub,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { check, fromJsonNumber, InputGradientResult } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  formulaImages,
  formulaNet,
  labelsOf,
  linearImages,
  linearLabels,
  linearModel,
} from '../attacks/testing/classifiers.js';
import { deployAt, type Classifier } from '../classifier.js';
import { inputGradient } from './input-gradient.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const image = linearImages.subarray(4);
const labels = [linearLabels[1]!];

describe('the input gradient of the linear model, image 1, whose logit margin is .69 times the scale', () => {
  // The largest magnitude by decimal arithmetic of 200 digits. Once class 2 alone competes, the gradient is a multiple
  // of [-.75, 1.25, -1.5, .6], whose mean magnitude is 4.1 / 6 of the largest.
  it.each([
    [1, 0.5247113520885, 0, 0],
    [50, 7.796535087527e-14, 0, 1],
    [100, 1.620958916561e-28, 0, 1],
    [200, 3.503343745571e-58, 1, 1],
  ])('times %d', async (scale, maxAbs, zero, saturated) => {
    const result = await inputGradient({ classifier: linearModel(scale), images: image, labels });
    expect(fromJsonNumber(result.log10_max_abs.median)).toBeCloseTo(Math.log10(maxAbs), 4);
    expect(result.float32_zero.count).toBe(zero);
    expect(result.probability_saturated.count).toBe(saturated);
    expect(result.exact_zero.count).toBe(0);
    if (scale === 1) return;
    expect(fromJsonNumber(result.log10_mean_abs.median)).toBeCloseTo(Math.log10((maxAbs * 4.1) / 6), 4);
  });

  it('points the wrong way in float32 where the probability is 1 and the gradient not yet 0', async () => {
    const middle = await inputGradient({ classifier: linearModel(50), images: image, labels });
    expect(middle.wrong_direction).toMatchObject({ count: 1, of: 1, cosine_below: 0.99 });
    // Without the label's term float32 sees W[:, 2] in place of W[:, 2] - W[:, 0].
    const [seen, exact] = [
      [0.25, 0.5, -1, 0.8],
      [-0.75, 1.25, -1.5, 0.6],
    ] as const;
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
    const cosine = dot(seen, exact) / Math.sqrt(dot(seen, seen) * dot(exact, exact));
    expect(fromJsonNumber(middle.float32_cosine.median)).toBeCloseTo(cosine, 5);

    const right = await inputGradient({ classifier: linearModel(1), images: image, labels });
    expect(right.wrong_direction.count).toBe(0);
    expect(fromJsonNumber(right.float32_cosine.min)).toBeCloseTo(1, 6);

    const zero = await inputGradient({ classifier: linearModel(200), images: image, labels });
    expect([zero.wrong_direction.count, zero.float32_cosine.count]).toEqual([0, 0]);
  });

  it('at T of T times the logits is that of the logits, divided by nothing but T', async () => {
    const plain = await inputGradient({ classifier: linearModel(3), images: image, labels });
    const atT = await inputGradient({ classifier: linearModel(60), images: image, labels, temperature: 20 });
    expect(atT.loss).toBe('cross-entropy at T=20');
    expect(fromJsonNumber(atT.log10_max_abs.median)).toBeCloseTo(fromJsonNumber(plain.log10_max_abs.median), 5);
  });

  it('falls into the bin of Fig. 9 that holds its mean', async () => {
    const bin = async (scale: number) => {
      const { histogram } = await inputGradient({ classifier: linearModel(scale), images: image, labels });
      expect(histogram.counts).toHaveLength(10);
      expect(histogram.edges).toHaveLength(11);
      return histogram.above ? 'above' : histogram.counts.indexOf(1);
    };
    expect(await bin(1)).toBe(9);
    expect(await bin(50)).toBe(6);
    expect(await bin(100)).toBe(3);
    expect(await bin(200)).toBe(0);
  });

  it('counts a gradient above the last edge apart', async () => {
    const wrongLabel = await inputGradient({ classifier: linearModel(50), images: image, labels: [1] });
    expect(wrongLabel.histogram.above).toBe(1);
    expect(wrongLabel.histogram.counts.every((count) => count === 0)).toBe(true);
  });
});

describe('an input gradient that is zero in truth', () => {
  /** Image pixels reach the logits through units that never wake. */
  const dead: Classifier = {
    inputShape: [2],
    classes: 2,
    logits: (batch) =>
      tidy(() =>
        add<Tensor2D>(matMul(relu(sub<Tensor2D>(batch, 5)), tensor2d([1, 2, 3, 4], [2, 2])), tensor1d([0, 1])),
      ),
  };

  it('is told apart from one that float32 loses', async () => {
    const result = await inputGradient({ classifier: dead, images: Float32Array.of(0.1, 0.9), labels: [1] });
    expect([result.exact_zero.count, result.float32_zero.count]).toEqual([1, 1]);
    expect(result.log10_max_abs.median).toBe('-Infinity');
    expect(result.histogram.counts[0]).toBe(1);
  });
});

describe('the input gradient of a net', () => {
  const net = formulaNet({ scale: 20 });
  const images = formulaImages(9, net);
  const options = { classifier: net, images, labels: labelsOf(net, images) };

  it('does not depend on the batches, and leaves no tensors behind', async () => {
    const before = memory().numTensors;
    const whole = await inputGradient(options);
    expect(memory().numTensors).toBe(before);
    for (const batchSize of [1, 2, 9]) expect(await inputGradient({ ...options, batchSize })).toEqual(whole);
  });

  it('is that of the net without the scale, deployed at 1/20', async () => {
    const scaled = await inputGradient(options);
    const deployed = await inputGradient({ ...options, classifier: deployAt(formulaNet(), 1 / 20) });
    for (const quantile of ['min', 'median', 'max'] as const) {
      expect(fromJsonNumber(deployed.log10_max_abs[quantile])).toBeCloseTo(
        fromJsonNumber(scaled.log10_max_abs[quantile]),
        4,
      );
    }
  });

  it('fits its schema and names its denominator', async () => {
    const result = await inputGradient(options);
    expect(check(InputGradientResult, JSON.parse(JSON.stringify(result)))).toEqual({ ok: true, value: result });
    expect(result.examples).toBe(9);
    expect(result.class_histogram.reduce((sum, count) => sum + count, 0)).toBe(9);
  });

  it('tells how far it is, and stops between two batches when it is cancelled', async () => {
    const controller = new AbortController();
    const told: number[] = [];
    const onProgress = (done: number) => {
      told.push(done);
      if (done === 4) controller.abort(new Error('enough'));
    };
    const running = inputGradient({ ...options, batchSize: 2, signal: controller.signal, onProgress });
    await expect(running).rejects.toThrow('enough');
    expect(told).toEqual([2, 4]);
  });

  it('refuses images that the labels do not fit', async () => {
    await expect(inputGradient({ ...options, labels: [0] })).rejects.toThrow('1 images hold 20 values');
  });
});
