import { Type, type Static } from 'typebox';
import { adamLearningRate } from './adam.js';
import { Confidence, FirstConstant } from './constant-search.js';
import { tanhSlack } from './tanh-slack.js';
import { TargetOffset } from './target-offset.js';

/** The L2 attack of Carlini and Wagner (2016, arXiv 1608.04644). */
export const CwL2Parameters = Type.Object(
  {
    binary_search_steps: Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 9,
      description: 'Values tried of the constant c that weighs the loss against the squared distance.',
    }),
    steps: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 1000,
      description: 'Most steps of Adam for each c (the paper allows 10 000).',
    }),
    learning_rate: adamLearningRate(0.03),
    initial_constant: FirstConstant,
    confidence: Confidence,
    abort_early: Type.Boolean({
      default: true,
      description:
        'Whether an example leaves a c once a tenth of its steps has lowered the objective by less than 0.01 %.',
    }),
    slack: tanhSlack(0.001),
    target_offset: TargetOffset,
  },
  {
    additionalProperties: false,
    description:
      'Carlini and Wagner L2: weighs the squared distance against the logit margin. At most steps x binary_search_steps gradients an example.',
  },
);
export type CwL2Parameters = Static<typeof CwL2Parameters>;
