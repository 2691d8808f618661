import { toJsonNumber, type Distribution, type EstimatedDistribution } from '@retort/contracts';
import { bootstrapIntervals } from './bootstrap.js';
import { quantile } from './quantile.js';

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

/** The same with 95 % bootstrap intervals of the mean and the median, for values that stand for more than themselves. */
export function estimatedDistributionOf(values: ArrayLike<number>): EstimatedDistribution {
  const { mean, median } = bootstrapIntervals(values);
  return { ...distributionOf(values), mean_interval: mean, median_interval: median };
}
