import type { Rate } from '@retort/contracts';

/** The 97.5 % quantile of the standard normal distribution, for an interval of 95 %. */
const Z = 1.959963984540054;

/**
 * A share with its 95 % Wilson score interval (Wilson 1927; without continuity correction).
 *
 * The interval stays inside [0, 1] and does not shrink to a point at 0 or at `of` successes. Of nothing, nothing is known: 0 to 1.
 *
 * @param count how many, a whole number from 0 to `of`
 * @param of out of how many
 */
export function rateOf(count: number, of: number): Rate {
  if (!(Number.isInteger(count) && Number.isInteger(of) && 0 <= count && count <= of)) {
    throw new RangeError(`a rate needs whole numbers 0 ≤ count ≤ of, not ${count} of ${of}`);
  }
  if (of === 0) return { count, of, rate: 0, low: 0, high: 1 };
  const rate = count / of;
  const centre = (count + (Z * Z) / 2) / (of + Z * Z);
  const half = (Z / (of + Z * Z)) * Math.sqrt(of * rate * (1 - rate) + (Z * Z) / 4);
  return {
    count,
    of,
    rate,
    low: count === 0 ? 0 : centre - half,
    high: count === of ? 1 : centre + half,
  };
}

/** The share of entries that are true. */
export function rateOfTrue(entries: readonly boolean[]): Rate {
  return rateOf(entries.filter(Boolean).length, entries.length);
}
