import '@tensorflow/tfjs';
import { setBackend, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { updateRule } from './update-rules.js';

/** The gradient of every test, step by step, and the learning rate of each step. */
const gradients = [0.5, -0.25, 1];
const rates = [0.1, 0.1, 0.05];

/** The weight after each step, from 1. */
function walk(settings: Optimizer): number[] {
  const rule = updateRule(settings);
  let weights: Tensor = tensor1d([1]);
  let slots: readonly Tensor[] = rule.slots.map(() => tensor1d([0]));
  return gradients.map((gradient, index) => {
    ({ weights, slots } = rule.update({
      weights,
      gradient: tensor1d([gradient]),
      slots,
      learningRate: rates[index]!,
      step: index + 1,
    }));
    return weights.dataSync<'float32'>()[0]!;
  });
}

beforeAll(() => setBackend('cpu'));

describe('updateRule', () => {
  it.each<[Optimizer, number[]]>([
    // 1 - 0.05, + 0.025, - 0.05.
    [{ name: 'sgd' }, [0.95, 0.975, 0.925]],
    // v = -0.05, 0.9 (-0.05) + 0.025 = -0.02, 0.9 (-0.02) - 0.05 = -0.068.
    [{ name: 'momentum', momentum: 0.9 }, [0.95, 0.93, 0.862]],
    // The same v; w moves by 0.9 v - η g: -0.045 - 0.05, -0.018 + 0.025, -0.0612 - 0.05.
    [{ name: 'nesterov', momentum: 0.9 }, [0.905, 0.912, 0.8008]],
    // Step 1: m̂ = 0.5, v̂ = 0.25, so w moves by 0.1 · 0.5 / 0.500001.
    // Step 2: m = 0.9 · 0.05 - 0.025 = 0.02, m̂ = 0.02 / 0.19; v = 0.999 · 0.00025 + 0.0000625 = 0.00031225, v̂ = v / 0.001999.
    // Step 3: m = 0.018 + 0.1 = 0.118, m̂ = 0.118 / 0.271; v = 0.999 · 0.00031225 + 0.001 = 0.00131193775, v̂ = v / 0.002997001.
    [{ name: 'adam', beta_1: 0.9, beta_2: 0.999, epsilon: 1e-6 }, [0.9000002, 0.87336656, 0.84046103]],
  ])('steps as by hand: %o', (settings, expected) => {
    for (const [index, weight] of walk(settings).entries()) expect(weight).toBeCloseTo(expected[index]!, 6);
  });
});
