import { Type, type Static } from 'typebox';
import { Confidence, FirstConstant } from './constant-search.js';
import { TargetOffset } from './target-offset.js';

/** The elastic-net attack (Chen et al. 2017, arXiv 1709.04114). */
export const EadParameters = Type.Object(
  {
    beta: Type.Number({
      minimum: 0,
      maximum: 1000,
      default: 0.001,
      description: 'What the L1 distance counts beside the squared L2 distance; also the threshold of each shrinkage.',
    }),
    decision: Type.Enum(['elastic-net', 'l1'], {
      default: 'elastic-net',
      description: 'Which distance the image that is kept is nearest in: squared L2 plus beta times L1, or L1 alone.',
    }),
    binary_search_steps: Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 9,
      description: 'Values tried of the constant c that weighs the loss against the distance.',
    }),
    steps: Type.Integer({ minimum: 1, maximum: 100000, default: 1000, description: 'Steps for each c.' }),
    learning_rate: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      default: 0.01,
      description: 'The first step size; it falls to 0 with the square root of the steps that remain.',
    }),
    initial_constant: FirstConstant,
    confidence: Confidence,
    target_offset: TargetOffset,
  },
  {
    additionalProperties: false,
    description:
      'Elastic-net attack: iterative shrinkage and thresholding on L2 and L1 together, for changes that are few. steps x binary_search_steps gradients an example.',
  },
);
export type EadParameters = Static<typeof EadParameters>;
