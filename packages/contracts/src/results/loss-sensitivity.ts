import { Type, type Static } from 'typebox';
import { JsonNumber } from '../number.js';
import { Distribution } from './distribution.js';
import { Interval } from './interval.js';

const norm = (name: string) =>
  Type.Object(
    {
      log10_mean: JsonNumber,
      log10_mean_interval: Type.Object(Interval.properties, { description: 'Its 95 % percentile bootstrap interval.' }),
      log10: Distribution,
    },
    {
      description: `Of the ${name} norm of each image's gradient: log10 of the mean over the images, and how log10 is spread.`,
    },
  );

/** How strongly the loss answers to the input: norms of its exact gradient, as log10, since they underflow. */
export const LossSensitivityResult = Type.Object({
  examples: Type.Integer({ description: 'Images measured.' }),
  loss: Type.String({ description: 'Such as `cross-entropy at T=1`, of the true label.' }),
  l1: norm('L1'),
  l2: norm('L2'),
  class_histogram: Type.Array(Type.Integer(), { description: 'True classes of the images.' }),
});
export type LossSensitivityResult = Static<typeof LossSensitivityResult>;
