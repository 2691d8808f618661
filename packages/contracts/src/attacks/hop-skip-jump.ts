import { Type, type Static } from 'typebox';
import { MinimisedNorm } from './minimised-norm.js';
import { TargetOffset } from './target-offset.js';

/** HopSkipJump (Chen, Jordan and Wainwright 2019, arXiv 1904.02144). */
export const HopSkipJumpParameters = Type.Object(
  {
    norm: MinimisedNorm,
    queries: Type.Integer({
      minimum: 1,
      maximum: 10000000,
      default: 5000,
      description: 'Forward passes at most, all told; the paper shows results for 1 000 to 20 000.',
    }),
    initial_tries: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 100,
      description: 'Images of noise, blended into the original, of which one must be adversarial to start from.',
    }),
    initial_evaluations: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 100,
      description:
        "Forward passes of the first estimate of the boundary's direction; the estimate of step t has √t times as many.",
    }),
    target_offset: TargetOffset,
  },
  {
    additionalProperties: false,
    description:
      'HopSkipJump: walks along the boundary, whose direction it estimates from decisions alone. At most `queries` forward passes an example, and no gradient.',
  },
);
export type HopSkipJumpParameters = Static<typeof HopSkipJumpParameters>;
