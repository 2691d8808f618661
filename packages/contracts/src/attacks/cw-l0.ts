import { Type, type Static } from 'typebox';
import { adamLearningRate } from './adam.js';
import { tanhSlack } from './tanh-slack.js';
import { TargetOffset } from './target-offset.js';

/** The L0 attack of Carlini and Wagner (2016, arXiv 1608.04644). */
export const CwL0Parameters = Type.Object(
  {
    steps: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 1000,
      description: 'Most steps of Adam for each set of free pixel values and each constant c.',
    }),
    learning_rate: adamLearningRate(0.01),
    initial_constant: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1e10,
      default: 0.001,
      description: 'The first c, which weighs the loss against the squared distance; doubled after each failure.',
    }),
    largest_constant: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1e10,
      default: 2e6,
      description: 'An example leaves once c would exceed this.',
    }),
    slack: tanhSlack(0.05),
    target_offset: TargetOffset,
  },
  {
    additionalProperties: false,
    description:
      'Carlini and Wagner L0: freezes the pixel values that matter least after each success. At most `steps` gradients an example for each set of free values and each constant.',
  },
);
export type CwL0Parameters = Static<typeof CwL0Parameters>;
