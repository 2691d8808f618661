import { Type, type Static } from 'typebox';
import { JsonNumber } from '../number.js';
import { Distribution, EstimatedDistribution } from './distribution.js';
import { Interval } from './interval.js';
import { Rate } from './rate.js';

/** How a net's deployed logits are scaled, and what it makes of them. */
export const LogitsResult = Type.Object({
  examples: Type.Integer({ description: 'Images measured: the denominator of every rate here.' }),
  accuracy: Rate,
  abs_logit: Type.Object(
    { mean: JsonNumber, standard_deviation: JsonNumber, largest: JsonNumber },
    {
      description:
        '|z| over all images and classes: 5.8 ± 6.4, and 482 ± 457 at T = 100, in Carlini and Wagner (2016).',
    },
  ),
  margin: Type.Object(EstimatedDistribution.properties, {
    description: "The label's logit minus the largest other; negative where the net is wrong.",
  }),
  confidence: Type.Object(EstimatedDistribution.properties, { description: 'The largest probability of the softmax.' }),
  entropy: Type.Object(Distribution.properties, { description: 'Of the softmax, in nats.' }),
  calibration: Type.Object({
    error: Type.Number({
      description:
        'Expected calibration error: mean |accuracy - confidence| over the bins (Guo et al. 2017, arXiv 1706.04599).',
    }),
    error_interval: Type.Object(Interval.properties, {
      description: '95 % percentile bootstrap over the images. The estimate is biased upward where bins hold few.',
    }),
    bins: Type.Array(
      Type.Object({
        above: Type.Number({ description: 'The bin holds confidences above this, up to the next.' }),
        confidence: Type.Number({ description: 'Their mean; 0 where there are none.' }),
        accuracy: Rate,
      }),
    ),
  }),
  class_histogram: Type.Array(Type.Integer(), { description: 'True classes of the denominator.' }),
});
export type LogitsResult = Static<typeof LogitsResult>;
