import { Type, type Static } from 'typebox';
import { adamLearningRate } from './adam.js';
import { tanhSlack } from './tanh-slack.js';
import { TargetOffset } from './target-offset.js';

/** The Linf attack of Carlini and Wagner (2016, arXiv 1608.04644). */
export const CwLinfParameters = Type.Object(
  {
    steps: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 1000,
      description: 'Most steps of Adam for each pair of a limit tau and a constant c.',
    }),
    learning_rate: adamLearningRate(0.005),
    initial_constant: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1e10,
      default: 1e-5,
      description: 'The first c, which weighs the loss against what exceeds tau; doubled after each failure.',
    }),
    largest_constant: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1e10,
      default: 20,
      description: 'An example leaves once c would exceed this.',
    }),
    decrease_factor: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.9,
      description: 'What tau becomes after each success, as a share of the largest change of a pixel.',
    }),
    smallest_tau: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.00390625,
      description: 'An example leaves once tau is below this: 1/256, in pixel units (the pixel range is 0 to 1).',
    }),
    slack: tanhSlack(0.05),
    target_offset: TargetOffset,
  },
  {
    additionalProperties: false,
    description:
      'Carlini and Wagner Linf: penalises what exceeds a limit that is lowered after each success. At most `steps` gradients an example for each limit and each constant.',
  },
);
export type CwLinfParameters = Static<typeof CwLinfParameters>;
