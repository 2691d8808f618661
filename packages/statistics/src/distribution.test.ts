import { describe, expect, it } from 'vitest';
import { distributionOf, estimatedDistributionOf } from './distribution.js';

describe('a distribution', () => {
  it('has the quantiles of linear interpolation', () => {
    expect(distributionOf([3, 1, 4, 1, 5, 9, 2, 6])).toEqual({
      count: 8,
      mean: 3.875,
      min: 1,
      p5: 1,
      p25: 1.75,
      median: 3.5,
      p75: 5.25,
      p95: expect.closeTo(7.95, 12) as number,
      max: 9,
    });
  });

  it('keeps infinities, in the form in which they travel', () => {
    const spread = distributionOf([-Infinity, -80, -Infinity, -60, -70]);
    expect(spread).toMatchObject({
      mean: '-Infinity',
      p5: '-Infinity',
      p25: '-Infinity',
      median: -80,
      p75: -70,
      max: -60,
    });
  });

  it('of nothing is no number', () => {
    expect(distributionOf([])).toMatchObject({ count: 0, mean: 'NaN', median: 'NaN', max: 'NaN' });
  });

  it('of a sample has the intervals of its mean and median too', () => {
    const { mean_interval, median_interval, ...spread } = estimatedDistributionOf([2, 2, 2]);
    expect(spread).toEqual(distributionOf([2, 2, 2]));
    expect([mean_interval, median_interval]).toEqual([
      { low: 2, high: 2 },
      { low: 2, high: 2 },
    ]);
  });
});
