/** A reverse Weibull distribution: F(y) = exp(-((location - y) / scale)^shape) below its location, its largest value. */
export interface ReverseWeibull {
  readonly location: number;
  readonly scale: number;
  readonly shape: number;
}

/** How far from the largest value the location is looked for, in ranges of the sample. */
const NEAREST = 1e-3;
const FURTHEST = 1e2;
const GRID = 60;

/**
 * The reverse Weibull distribution of greatest likelihood for a sample of maxima.
 *
 * The likelihood is profiled: scale and shape for each location, then the location. A location at the largest value
 * itself has infinite likelihood where the shape is below 1, so that only shapes from 1 on are looked at (Smith 1985).
 *
 * @param values at least three that differ
 * @returns null where the likelihood has no maximum between the ends of the search: the sample is not of this kind
 */
export function fitReverseWeibull(values: ArrayLike<number>): ReverseWeibull | null {
  const largest = Array.from(values).reduce((max, value) => Math.max(max, value), -Infinity);
  const smallest = Array.from(values).reduce((min, value) => Math.min(min, value), Infinity);
  const range = largest - smallest;
  if (!(range > 0)) throw new RangeError('a distribution can be fitted only to values that differ');
  const step = Math.log(FURTHEST / NEAREST) / GRID;
  const gap = (place: number) => range * NEAREST * Math.exp(step * place);
  const likelihood = (place: number) => profile(values, largest + gap(place)).likelihood;
  const grid = Array.from({ length: GRID + 1 }, (_, place) => likelihood(place));
  const best = grid.indexOf(grid.reduce((max, value) => Math.max(max, value), -Infinity));
  if (best <= 0 || best === GRID) return null;
  const location = largest + gap(maximise(likelihood, best - 1, best + 1));
  const { scale, shape } = profile(values, location);
  return { location, scale, shape };
}

/** The share of the distribution at or below a value. */
export function reverseWeibullCdf({ location, scale, shape }: ReverseWeibull, value: number): number {
  return value >= location ? 1 : Math.exp(-(((location - value) / scale) ** shape));
}

/** The most likely scale and shape for a location, and the log-likelihood; minus infinity for shapes below 1. */
function profile(values: ArrayLike<number>, location: number) {
  const logs = Array.from(values, (value) => Math.log(location - value));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const longest = logs.reduce((max, log) => Math.max(max, log), -Infinity);
  const weighted = (shape: number) => {
    let [weights, sum] = [0, 0];
    for (const log of logs) {
      const weight = Math.exp(shape * (log - longest));
      weights += weight;
      sum += weight * log;
    }
    return { weights, excess: sum / weights - 1 / shape - mean };
  };
  const shape = rootOf((logShape) => weighted(Math.exp(logShape)).excess);
  const logScale = longest + Math.log(weighted(shape).weights / logs.length) / shape;
  const likelihood = logs.length * (Math.log(shape) - shape * logScale + (shape - 1) * mean - 1);
  return { shape, scale: Math.exp(logScale), likelihood: shape < 1 ? -Infinity : likelihood };
}

/** Where a rising function of the shape's logarithm crosses 0, as the shape. */
function rootOf(rising: (logShape: number) => number): number {
  let [low, high] = [Math.log(1e-3), Math.log(1e7)];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Where a function with one maximum between two places has it (golden-section search, Kiefer 1953). */
function maximise(of: (place: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atLeft, atRight] = [of(left), of(right)];
  while (high - low > 1e-7) {
    if (atLeft >= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = of(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = of(right);
    }
  }
  return (low + high) / 2;
}
