import { Type, type Static } from 'typebox';
import { FinalSearchSteps } from './final-search.js';
import { MinimisedNorm } from './minimised-norm.js';
import { TargetOffset } from './target-offset.js';

/** The fast minimum-norm attack (Pintor et al. 2021, arXiv 2102.12827). */
export const FmnParameters = Type.Object(
  {
    norm: MinimisedNorm,
    steps: Type.Integer({ minimum: 1, maximum: 100000, default: 100, description: 'Steps that each example takes.' }),
    step_size: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      default: 1,
      description:
        'L2 length of the first step, in pixel units (the pixel range is 0 to 1); it falls to a hundredth along a cosine.',
    }),
    initial_gamma: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.05,
      description: 'The share by which the first steps change the radius.',
    }),
    final_gamma: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.001,
      description: 'The share by which the last steps change the radius; in between along a cosine.',
    }),
    final_search_steps: FinalSearchSteps,
    target_offset: TargetOffset,
  },
  {
    additionalProperties: false,
    description:
      'Fast minimum-norm attack: steps up the logit margin inside a ball whose radius follows the boundary. `steps` gradients an example.',
  },
);
export type FmnParameters = Static<typeof FmnParameters>;
