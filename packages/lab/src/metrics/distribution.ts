import { toJsonNumber, type Distribution } from '@retort/contracts';

/** How values are spread: their mean, and quantiles between order statistics by linear interpolation (Hyndman and Fan 1996, type 7). */
export function distributionOf(values: ArrayLike<number>): Distribution {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => toJsonNumber(quantile(sorted, share));
  return {
    count: sorted.length,
    mean: toJsonNumber(sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    min: at(0),
    p5: at(0.05),
    p25: at(0.25),
    median: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    max: at(1),
  };
}

/** NaN of no values; an infinite neighbour with any weight makes an infinite quantile. */
function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1);
  const [lower, upper] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return lower === upper ? lower : lower + (place - Math.floor(place)) * (upper - lower);
}
