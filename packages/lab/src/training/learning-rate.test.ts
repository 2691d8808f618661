import { describe, expect, it } from 'vitest';
import { learningRateAt } from './learning-rate.js';

const rate = { base: 0.1, rule: 'constant', decay_factor: 1, decay_every_epochs: 1 } as const;

function at(epoch: number, { step = 1, steps = 4, epochs = 30 } = {}) {
  return { epoch, step, steps, epochs };
}

describe('learningRateAt', () => {
  it('follows the temperature by the named rule', () => {
    expect(learningRateAt(rate, 25, at(1))).toBe(0.1);
    expect(learningRateAt({ ...rate, rule: 'sqrt-temperature' }, 25, at(1))).toBe(0.5);
    expect(learningRateAt({ ...rate, rule: 'temperature' }, 25, at(1))).toBe(2.5);
  });

  it('decays after every so many epochs', () => {
    const decaying = { ...rate, base: 8, decay_factor: 0.5, decay_every_epochs: 10 };
    expect([1, 10, 11, 20, 21].map((epoch) => learningRateAt(decaying, 1, at(epoch)))).toEqual([8, 8, 4, 4, 2]);
  });

  it('falls along half a cosine from the whole rate to its final share, step by step', () => {
    const cosine = { ...rate, base: 1, schedule: { name: 'cosine', final_share: 0.2 } } as const;
    const rates = [1, 2, 3, 4].flatMap((epoch) =>
      [1, 2].map((step) => learningRateAt(cosine, 1, at(epoch, { step, steps: 2, epochs: 4 }))),
    );
    expect(rates[0]).toBe(1);
    expect(rates[4]).toBeCloseTo(0.6, 12);
    expect(rates[2]).toBeCloseTo(0.2 + 0.4 * (1 + Math.SQRT1_2), 12);
    expect(rates.every((each, index) => index === 0 || each < rates[index - 1]!)).toBe(true);
    expect(rates.at(-1)).toBeGreaterThan(0.2);
  });

  it('takes the factor of the latest piece that has begun', () => {
    const pieces = [
      { from_epoch: 20, factor: 0.01 },
      { from_epoch: 3, factor: 0.1 },
    ];
    const piecewise = { ...rate, base: 1, schedule: { name: 'piecewise' as const, pieces } };
    expect([1, 2, 3, 19, 20, 30].map((epoch) => learningRateAt(piecewise, 1, at(epoch)))).toEqual([
      1, 1, 0.1, 0.1, 0.01, 0.01,
    ]);
  });

  it('rises to the rate over the warm-up, step by step, and multiplies with all else', () => {
    const warming = { ...rate, base: 8, warmup_epochs: 1.5, decay_factor: 0.5, decay_every_epochs: 2 };
    const rates = [1, 2, 3].flatMap((epoch) =>
      [1, 2].map((step) => learningRateAt(warming, 1, at(epoch, { step, steps: 2 }))),
    );
    expect(rates).toEqual([8 / 3, 16 / 3, 8, 8, 4, 4]);
  });
});
