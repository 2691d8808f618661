import { quantile } from '@retort/statistics';

/** How repeated measurements lie: the middle one, and the middle half. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
  readonly repeats: number;
}

/** The median and the quartiles of repeats, between them by linear interpolation. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  return { median: median!, lower: lower!, upper: upper!, repeats: values.length };
}

/**
 * How two measurements that were taken in turns compare: the spread of the ratios of each repeat, so that what slows the
 * whole machine for a while touches both sides of a ratio.
 *
 * @throws RangeError where they have not the same number of repeats
 */
export function ratioOf(values: readonly number[], base: readonly number[]): Spread {
  if (values.length !== base.length) {
    throw new RangeError(`${values.length} repeats cannot be paired with ${base.length}`);
  }
  return spreadOf(values.map((value, repeat) => value / base[repeat]!));
}

/** A ratio with its quartiles, such as `1.24 [1.20, 1.31]`. */
export function written({ median, lower, upper }: Spread): string {
  return `${short(median)} [${short(lower)}, ${short(upper)}]`;
}

/** Three significant digits, and all digits of whole hundreds. */
export function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
