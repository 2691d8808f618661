import { expect, it } from 'vitest';
import { learningRateAt } from './learning-rate.js';

const rate = { base: 0.1, rule: 'constant', decay_factor: 1, decay_every_epochs: 1 } as const;

it('follows the temperature by the named rule', () => {
  expect(learningRateAt(rate, 25, 1)).toBe(0.1);
  expect(learningRateAt({ ...rate, rule: 'sqrt-temperature' }, 25, 1)).toBe(0.5);
  expect(learningRateAt({ ...rate, rule: 'temperature' }, 25, 1)).toBe(2.5);
});

it('decays after every so many epochs', () => {
  const decaying = { ...rate, base: 8, decay_factor: 0.5, decay_every_epochs: 10 };
  expect([1, 10, 11, 20, 21].map((epoch) => learningRateAt(decaying, 1, epoch))).toEqual([8, 8, 4, 4, 2]);
});
