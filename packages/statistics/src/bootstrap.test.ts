import { fromJsonNumber } from '@retort/contracts';
import { describe, expect, it } from 'vitest';
import { bootstrapInterval, bootstrapIntervals } from './bootstrap.js';

/** e to the power of 41 even steps from -2 to 2: a skewed sample. */
const skewed = Array.from({ length: 41 }, (_, at) => Math.exp(-2 + at / 10));

describe('the bootstrap intervals', () => {
  // scipy 1.17.1, stats.bootstrap, method='percentile', 200 000 resamples. With 1000, an end strays by .005 to .05
  // (standard deviation); these bounds are four times that.
  it.each([
    ['mean', 1.29017, 0.08, 2.49189, 0.12],
    ['median', 0.54881, 0.05, 1.82212, 0.15],
  ] as const)(
    'of the %s are those of scipy, within the noise of 1000 resamples',
    (of, low, lowError, high, highError) => {
      const interval = bootstrapIntervals(skewed)[of];
      expect(Math.abs(fromJsonNumber(interval.low) - low)).toBeLessThan(lowError);
      expect(Math.abs(fromJsonNumber(interval.high) - high)).toBeLessThan(highError);
    },
  );

  it('of any estimate agree with those of the mean on sorted values', () => {
    const meanOf = (drawn: Uint32Array) => drawn.reduce((sum, at) => sum + skewed[at]!, 0) / drawn.length;
    const [interval, { mean }] = [bootstrapInterval(skewed.length, meanOf), bootstrapIntervals(skewed)];
    expect(interval.low).toBeCloseTo(fromJsonNumber(mean.low), 12);
    expect(interval.high).toBeCloseTo(fromJsonNumber(mean.high), 12);
  });

  it('are the same for the same sample, in whatever order', () => {
    expect(bootstrapIntervals(skewed)).toEqual(bootstrapIntervals([...skewed].reverse()));
  });

  it('shrink to the point of a sample without spread, and follow a shift', () => {
    expect(bootstrapIntervals([3, 3, 3])).toEqual({ mean: { low: 3, high: 3 }, median: { low: 3, high: 3 } });
    expect(bootstrapIntervals([7])).toEqual({ mean: { low: 7, high: 7 }, median: { low: 7, high: 7 } });
    const shifted = bootstrapIntervals(skewed.map((value) => value + 8)).mean;
    expect(shifted.low).toBeCloseTo(fromJsonNumber(bootstrapIntervals(skewed).mean.low) + 8, 10);
  });

  it('keep an infinity to the draws that hold it', () => {
    const { mean, median } = bootstrapIntervals([1, 2, 3, 4, 5, Infinity]);
    expect([mean.high, median.low]).toEqual(['Infinity', 1.5]);
    expect(fromJsonNumber(mean.low)).toBeLessThan(5);
  });

  it('of nothing are no numbers', () => {
    expect(bootstrapIntervals([]).mean).toEqual({ low: 'NaN', high: 'NaN' });
  });
});
