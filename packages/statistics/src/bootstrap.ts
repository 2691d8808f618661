import { toJsonNumber, type Interval } from '@retort/contracts';
import { Random } from '@retort/random';
import { quantile } from './quantile.js';

/** How often a sample is drawn again; the ends of a 95 % interval are its 25th draws from either side. */
export const RESAMPLES = 1000;

/**
 * The 95 % percentile bootstrap intervals of a sample's mean and median (Efron 1979; Efron and Tibshirani 1993, §13.3).
 *
 * The draws come from one fixed stream, so that equal samples have equal intervals, in whatever order they are given.
 *
 * @returns intervals of `NaN` where there are no values, and of one point where there is one
 */
export function bootstrapIntervals(values: ArrayLike<number>): { mean: Interval; median: Interval } {
  const sorted = Float64Array.from(values).sort();
  const random = Random.stream(0, 'bootstrap');
  const counts = new Uint32Array(sorted.length);
  const means = new Float64Array(RESAMPLES);
  const medians = new Float64Array(RESAMPLES);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    counts.fill(0);
    for (let draw = 0; draw < sorted.length; draw++) counts[random.below(sorted.length)]!++;
    means[resample] = meanOf(sorted, counts);
    medians[resample] = medianOf(sorted, counts);
  }
  return { mean: middleOf(means), median: middleOf(medians) };
}

/**
 * The 95 % percentile bootstrap interval of any estimate from a sample.
 *
 * @param size how many values the sample has
 * @param estimate of the values at the given places, as many as the sample has, some of them more than once
 */
export function bootstrapInterval(size: number, estimate: (drawn: Uint32Array) => number): Interval {
  const random = Random.stream(0, 'bootstrap');
  const drawn = new Uint32Array(size);
  const draws = Float64Array.from({ length: RESAMPLES }, () => {
    for (let draw = 0; draw < size; draw++) drawn[draw] = random.below(size);
    return estimate(drawn);
  });
  return middleOf(draws);
}

/** The ends of the middle 95 % of an estimate's draws. */
function middleOf(draws: Float64Array): Interval {
  draws.sort();
  return { low: toJsonNumber(quantile(draws, 0.025)), high: toJsonNumber(quantile(draws, 0.975)) };
}

function meanOf(values: Float64Array, counts: Uint32Array): number {
  let sum = 0;
  // A value that was not drawn counts nothing, even where it is infinite.
  values.forEach((value, at) => (sum += counts[at] === 0 ? 0 : counts[at]! * value));
  return sum / values.length;
}

/** The median of sorted values that each stand there so often. */
function medianOf(sorted: Float64Array, counts: Uint32Array): number {
  if (sorted.length === 0) return NaN;
  const lower = drawnAt(sorted, counts, Math.floor((sorted.length - 1) / 2));
  const upper = drawnAt(sorted, counts, Math.ceil((sorted.length - 1) / 2));
  return lower === upper ? lower : (lower + upper) / 2;
}

function drawnAt(sorted: Float64Array, counts: Uint32Array, rank: number): number {
  let passed = 0;
  for (let at = 0; at < sorted.length; at++) {
    passed += counts[at]!;
    if (passed > rank) return sorted[at]!;
  }
  return NaN;
}
