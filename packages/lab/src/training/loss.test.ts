import '@tensorflow/tfjs';
import { add, grad, setBackend, tensor2d, tensor4d, variableGrads, type Tensor2D } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { createNet } from '../nets/net.js';
import { float64Logits } from '../nets/testing/float64-net.js';
import { crossEntropyAt, weightDecay } from './loss.js';
import { tiny } from './testing/bars.js';

beforeAll(() => setBackend('cpu'));

describe('crossEntropyAt', () => {
  it('is the mean over examples of -Σ target · log softmax(logits / T)', () => {
    const logits = tensor2d([
      [2, -1, 0.5],
      [0, 3, 1],
    ]);
    const targets = tensor2d([
      [1, 0, 0],
      [0.2, 0.3, 0.5],
    ]);
    const expected = (temperature: number) => {
      const [a, b] = [
        [2, -1, 0.5],
        [0, 3, 1],
      ].map((row) => {
        const sum = row.reduce((total, logit) => total + Math.exp(logit / temperature), 0);
        return row.map((logit) => Math.log(Math.exp(logit / temperature) / sum));
      });
      return -(a![0]! + 0.2 * b![0]! + 0.3 * b![1]! + 0.5 * b![2]!) / 2;
    };
    for (const temperature of [1, 20, 0.5]) {
      expect(crossEntropyAt(logits, targets, temperature).arraySync()).toBeCloseTo(expected(temperature), 6);
    }
  });

  it('keeps the gradient of a wrong answer at any margin, and of a right one where clipping would lose it', () => {
    const slope = (logits: number[], right: number[]) => [
      ...grad((z) => crossEntropyAt(z as Tensor2D, tensor2d([right]), 1))(tensor2d([logits])).dataSync<'float32'>(),
    ];
    expect(slope([500, 0], [0, 1])).toEqual([1, -1]);
    // From a margin of 16.1 on a probability clipped to 1 - 1e-7 has no gradient; the true one is p = 1 / (1 + e^17).
    expect(slope([17, 0], [1, 0])[1]! / (1 / (1 + Math.exp(17)))).toBeCloseTo(1, 5);
  });
});

describe('the gradient of the objective at T', () => {
  it.each([1, 20])('equals finite differences in double precision at T = %d', (temperature) => {
    const factor = 0.01;
    const shape = [6, 6, 1] as const;
    const net = createNet({
      architecture: tiny,
      inputShape: shape,
      classes: 3,
      initialisation: { name: 'he-normal', output_scale: 'temperature' },
      temperature,
      seed: 3,
    });
    const random = Random.stream(4, 'images');
    const images = Array.from({ length: 5 }, () => Array.from({ length: 36 }, () => random.uniform()));
    const targets = images.map((_, index) => [0.7, 0.2, 0.1].map((_, at, all) => all[(at + index) % 3]!));
    const weights = Object.fromEntries(
      net.parameters.map(({ name, variable }) => [name, [...variable.dataSync<'float32'>()]]),
    );
    const objective = (all: typeof weights) => {
      const losses = images.map((image, index) => {
        const logits = float64Logits(tiny, all, image, shape).map((logit) => logit / temperature);
        const normaliser = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
        return targets[index]!.reduce((sum, target, at) => sum - target * (logits[at]! - normaliser), 0);
      });
      const penalty = all['logits/kernel']!.reduce((sum, weight) => sum + factor * weight ** 2, 0);
      return losses.reduce((sum, loss) => sum + loss, 0) / images.length + penalty;
    };

    const batch = tensor4d(images.flat(), [5, ...shape]);
    const { value, grads } = variableGrads(
      () =>
        add(
          crossEntropyAt(net.trainingLogits(batch, { rate: 0, random }), tensor2d(targets), temperature),
          weightDecay(net.outputKernel, factor),
        ),
      net.parameters.map(({ variable }) => variable),
    );

    expect(value.arraySync()).toBeCloseTo(objective(weights), 5);
    const step = 1e-6;
    for (const { name, variable } of net.parameters) {
      const gradient = grads[variable.name]!.dataSync<'float32'>();
      const scale = Math.max(...gradient.map(Math.abs));
      expect(scale).toBeGreaterThan(0);
      for (const [at, weight] of weights[name]!.entries()) {
        const shifted = (by: number) => objective({ ...weights, [name]: weights[name]!.with(at, weight + by) });
        const difference = (shifted(step) - shifted(-step)) / (2 * step);
        expect(Math.abs(gradient[at]! - difference) / scale, `${name} ${at}`).toBeLessThan(1e-4);
      }
    }
  });
});
