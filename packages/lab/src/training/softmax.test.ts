import { expect, it } from 'vitest';
import { logSumExpAt, softmaxAt } from './softmax.js';

it('gives the probabilities of logits at a temperature', () => {
  // exp(0), exp(1), exp(2) over their sum 11.107337927389695.
  const expected = [0.09003057317038046, 0.24472847105479764, 0.6652409557748218];
  const probabilities = softmaxAt(Float32Array.of(0, 20, 40, 40, 20, 0), 3, 20);
  for (const [index, probability] of probabilities.entries()) {
    expect(probability).toBeCloseTo([...expected, ...expected.toReversed()][index]!, 7);
  }
});

it('neither overflows nor loses the small probabilities of large logits', () => {
  const probabilities = softmaxAt(Float32Array.of(3000, 2950, -3000), 3, 1);
  expect(probabilities[0]).toBe(1);
  expect(probabilities[1]! / Math.exp(-50)).toBeCloseTo(1, 6);
  expect(probabilities[2]).toBe(0);
});

it('takes the logarithm of a sum of exponentials', () => {
  expect(logSumExpAt(Float32Array.of(1000, 1000), 1)).toBeCloseTo(1000 + Math.LN2, 12);
  expect(logSumExpAt(Float32Array.of(-4, 4), 2)).toBeCloseTo(Math.log(Math.exp(-2) + Math.exp(2)), 12);
});
