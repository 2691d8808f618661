import { describe, expect, it } from 'vitest';
import { ratioOf, short, spreadOf, written } from './spread.js';

describe('spreadOf', () => {
  it('gives the median and the quartiles, by interpolation between neighbours', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, lower: 1.75, upper: 3.25, repeats: 4 });
    expect(spreadOf([7])).toEqual({ median: 7, lower: 7, upper: 7, repeats: 1 });
  });
});

describe('ratioOf', () => {
  it('pairs the repeats, so that a slow spell of the machine leaves the ratio alone', () => {
    expect(ratioOf([10, 1, 8], [5, 0.5, 4])).toMatchObject({ median: 2, lower: 2, upper: 2 });
  });

  it('refuses repeats that cannot be paired', () => {
    expect(() => ratioOf([1, 2], [1])).toThrow('2 repeats cannot be paired with 1');
  });
});

describe('written', () => {
  it('keeps three digits, and all of larger numbers', () => {
    expect(written({ median: 1.2345, lower: 0.0123456, upper: 99.96, repeats: 3 })).toBe('1.23 [0.0123, 100]');
    expect(short(1234.5)).toBe('1235');
  });
});
