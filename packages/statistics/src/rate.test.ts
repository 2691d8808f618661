import { describe, expect, it } from 'vitest';
import { rateOf, rateOfTrue } from './rate.js';

describe('a rate', () => {
  // Newcombe 1998, Statistics in Medicine 17, Table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d has the published Wilson interval', (count, of, low, high) => {
    const rate = rateOf(count, of);
    expect(rate).toMatchObject({ count, of, rate: count / of });
    expect(rate.low).toBeCloseTo(low, 4);
    expect(rate.high).toBeCloseTo(high, 4);
  });

  it('is symmetric, and ends exactly at 0 and 1', () => {
    expect(rateOf(29, 29)).toMatchObject({ rate: 1, high: 1 });
    expect(rateOf(29, 29).low).toBeCloseTo(1 - rateOf(0, 29).high, 12);
    expect(rateOf(0, 29).low).toBe(0);
  });

  it('of nothing says nothing', () => {
    expect(rateOf(0, 0)).toEqual({ count: 0, of: 0, rate: 0, low: 0, high: 1 });
  });

  it.each([
    [2, 1],
    [-1, 1],
    [0.5, 1],
    [NaN, 1],
  ])('refuses %d of %d', (count, of) => {
    expect(() => rateOf(count, of)).toThrow('whole numbers');
  });

  it('counts what is true', () => {
    expect(rateOfTrue([true, false, true, true])).toEqual(rateOf(3, 4));
  });
});
