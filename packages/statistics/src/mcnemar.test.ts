import { describe, expect, it } from 'vitest';
import { mcNemar } from './mcnemar.js';

/** Lists with so many pairs of each kind. */
function pairs(both: number, onlyFirst: number, onlySecond: number): [boolean[], boolean[]] {
  const many = (count: number, value: boolean) => Array.from({ length: count }, () => value);
  return [
    [...many(both + onlyFirst, true), ...many(onlySecond, false)],
    [...many(both, true), ...many(onlyFirst, false), ...many(onlySecond, true)],
  ];
}

describe('mcNemar', () => {
  // Exact binomial tails: 2 · Σ C(n, k) / 2^n.
  it.each([
    [5, 10, 0, 2 / 1024],
    [0, 1, 9, 22 / 1024],
    [7, 3, 3, 1],
    [9, 0, 0, 1],
    [2, 2, 5, (2 * (1 + 7 + 21)) / 128],
  ])('finds the p of %i, %i and %i pairs', (both, onlyFirst, onlySecond, p) => {
    const test = mcNemar(...pairs(both, onlyFirst, onlySecond));
    expect(test).toMatchObject({ onlyFirst, onlySecond });
    expect(test.p).toBeCloseTo(p, 12);
  });

  it('does not underflow on thousands of pairs', () => {
    // The normal approximation with continuity correction: z = 99 / √4000.
    const { p } = mcNemar(...pairs(0, 2050, 1950));
    expect(p).toBeGreaterThan(0.115);
    expect(p).toBeLessThan(0.12);
  });

  it('refuses lists of other lengths', () => {
    expect(() => mcNemar([true], [])).toThrow(/not 1 and 0/);
  });
});
