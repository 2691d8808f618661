import { Type, type Static } from 'typebox';
import { JsonNumber } from '../number.js';
import { Interval } from './interval.js';

/** How a quantity is spread over examples; every field but `count` is `NaN` where there are none. */
export const Distribution = Type.Object({
  count: Type.Integer({ minimum: 0 }),
  mean: JsonNumber,
  min: JsonNumber,
  p5: JsonNumber,
  p25: JsonNumber,
  median: JsonNumber,
  p75: JsonNumber,
  p95: JsonNumber,
  max: JsonNumber,
});
export type Distribution = Static<typeof Distribution>;

/** A distribution over a sample of examples, with what its mean and median may be over all of their kind. */
export const EstimatedDistribution = Type.Object({
  ...Distribution.properties,
  mean_interval: Type.Object(Interval.properties, {
    description: 'The 95 % percentile bootstrap interval of the mean (Efron 1979; 1000 seeded resamples).',
  }),
  median_interval: Type.Object(Interval.properties, { description: 'The same of the median.' }),
});
export type EstimatedDistribution = Static<typeof EstimatedDistribution>;
