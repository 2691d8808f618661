import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.js';
import { fitReverseWeibull, reverseWeibullCdf } from './reverse-weibull.js';

/** The quantiles of a reverse Weibull distribution of location 5, scale 1.5 and shape 3.2, in 40 even steps. */
const quantiles = Array.from({ length: 40 }, (_, at) => 5 - 1.5 * (-Math.log((at + 0.5) / 40)) ** (1 / 3.2));
/** A sample that is of no distribution in particular. */
const waves = Array.from(
  { length: 50 },
  (_, at) => 2 + 0.8 * Math.sin(1 + at * at * 0.37 + at) - 0.3 * Math.cos(2.1 * at),
);

describe('the reverse Weibull fit', () => {
  // scipy 1.17.1, stats.weibull_max.fit with fmin at tolerances of 1e-12, the same from three starts.
  it.each([
    ['quantiles', quantiles, 3.021707, 4.910066, 1.403415],
    ['waves', waves, 4.041152, 4.008456, 2.267813],
  ])('has the greatest likelihood: %s', (_, values, shape, location, scale) => {
    const fit = fitReverseWeibull(values)!;
    expect(fit.shape).toBeCloseTo(shape, 4);
    expect(fit.location).toBeCloseTo(location, 4);
    expect(fit.scale).toBeCloseTo(scale, 4);
  });

  it('follows a change of units', () => {
    const [small, large] = [fitReverseWeibull(waves)!, fitReverseWeibull(waves.map((value) => 1e6 * value))!];
    expect(large.location / small.location).toBeCloseTo(1e6, 0);
    expect(large.shape).toBeCloseTo(small.shape, 5);
  });

  it('finds nothing in a sample without an upper end', () => {
    // Quantiles of the exponential distribution: the further the location, the better.
    expect(fitReverseWeibull(Array.from({ length: 40 }, (_, at) => -Math.log(1 - (at + 0.5) / 40)))).toBeNull();
  });

  it('refuses values that do not differ', () => {
    expect(() => fitReverseWeibull([2, 2, 2])).toThrow('that differ');
  });

  it('has the distribution function of its quantiles', () => {
    const given = { location: 5, scale: 1.5, shape: 3.2 };
    expect(reverseWeibullCdf(given, quantiles[0]!)).toBeCloseTo(0.5 / 40, 12);
    expect([reverseWeibullCdf(given, 5), reverseWeibullCdf(given, -100)]).toEqual([1, 0]);
  });
});

describe('the Kolmogorov-Smirnov test', () => {
  // scipy 1.17.1, stats.kstest against the uniform distribution, and stats.kstwobign.sf.
  it.each([
    [[0.05, 0.11, 0.2, 0.33, 0.41, 0.58, 0.62, 0.77, 0.9], 0.1577777777777778, 0.9784979119951236],
    [[0.5, 0.6, 0.65, 0.7, 0.8, 0.85, 0.9, 0.92, 0.95, 0.99], 0.5, 0.013475889875863678],
  ])('of %j', (values, statistic, p) => {
    const test = kolmogorovSmirnov([...values].reverse(), (value) => value);
    expect(test.statistic).toBeCloseTo(statistic, 12);
    expect(test.p).toBeCloseTo(p, 10);
  });
});
