import { describe, expect, it } from 'vitest';
import { initialWeights } from './initialisation.js';
import type { ParameterPlan } from './plan.js';

const kernel: ParameterPlan = { name: 'dense1/kernel', shape: [300, 100], fanIn: 300, fanOut: 100 };
const bias: ParameterPlan = { ...kernel, name: 'dense1/bias', shape: [100] };

function moments(values: Float32Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

describe('initialWeights', () => {
  it('draws glorot-uniform within ±√(6 / (fan in + fan out)) and with variance 2 / (fan in + fan out)', () => {
    const weights = initialWeights(kernel, 'glorot-uniform', { seed: 1 });
    const limit = Math.sqrt(6 / 400);
    const { mean, variance } = moments(weights);
    expect(weights.every((weight) => Math.abs(weight) <= limit)).toBe(true);
    expect(Math.max(...weights)).toBeGreaterThan(0.99 * limit);
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(2 / 400 / 30_000));
    expect(variance / (2 / 400)).toBeCloseTo(1, 1);
  });

  it('draws he-normal with variance 2 / fan in and the tails of a normal distribution', () => {
    const weights = initialWeights(kernel, 'he-normal', { seed: 1 });
    const deviation = Math.sqrt(2 / 300);
    const { mean, variance } = moments(weights);
    expect(Math.abs(mean)).toBeLessThan(4 * deviation * Math.sqrt(1 / 30_000));
    expect(variance / deviation ** 2).toBeCloseTo(1, 1);
    const beyondTwo = weights.filter((weight) => Math.abs(weight) > 2 * deviation).length / weights.length;
    expect(beyondTwo).toBeGreaterThan(0.0405);
    expect(beyondTwo).toBeLessThan(0.0505);
  });

  it('starts biases at zero', () => {
    expect(initialWeights(bias, 'he-normal', { seed: 1 })).toEqual(new Float32Array(100));
  });

  it('gives the same weights for the same seed and others for another seed or parameter', () => {
    const weights = initialWeights(kernel, 'glorot-uniform', { seed: 1 });
    expect(initialWeights(kernel, 'glorot-uniform', { seed: 1 })).toEqual(weights);
    expect(initialWeights(kernel, 'glorot-uniform', { seed: 2 })).not.toEqual(weights);
    expect(initialWeights({ ...kernel, name: 'dense2/kernel' }, 'glorot-uniform', { seed: 1 })).not.toEqual(weights);
  });

  it('multiplies the same draws by the scale', () => {
    const plain = initialWeights(kernel, 'glorot-uniform', { seed: 1 });
    const scaled = initialWeights(kernel, 'glorot-uniform', { seed: 1, scale: 16 });
    expect(scaled).toEqual(plain.map((weight) => 16 * weight));
  });

  it('multiplies by the gain of the plan too, so that a gain of 0 starts at 0', () => {
    const plain = initialWeights(kernel, 'he-normal', { seed: 1 });
    const gained = initialWeights({ ...kernel, gain: 0.5 }, 'he-normal', { seed: 1, scale: 4 });
    expect(gained).toEqual(plain.map((weight) => 2 * weight));
    expect(initialWeights({ ...kernel, gain: 0 }, 'he-normal', { seed: 1 }).every((weight) => weight === 0)).toBe(true);
  });
});
