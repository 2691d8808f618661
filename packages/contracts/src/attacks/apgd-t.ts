import { Type, type Static } from 'typebox';
import { AutoPgdSteps } from './auto-pgd.js';
import { Norm, Radius } from './ball.js';

/** Targeted Auto-PGD (Croce and Hein 2020, arXiv 2003.01690). */
export const ApgdTParameters = Type.Object(
  {
    norm: Norm,
    epsilon: Radius,
    steps: AutoPgdSteps,
    restarts: Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: 1,
      description: 'Runs each target has, each from a random point of the ball.',
    }),
    targets: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 9,
      description:
        'How many classes are aimed at, the most likely at the clean image first; with fewer other classes, all of them.',
    }),
    loss: Type.Enum(['dlr'], {
      default: 'dlr',
      description:
        'The loss that is climbed: the targeted difference of logits ratio (with fewer than four classes, the difference of the two logits).',
    }),
  },
  {
    additionalProperties: false,
    description:
      'Targeted Auto-PGD: aims at the most likely other classes in turn until any of them wins. At most steps x restarts x targets gradients an example.',
  },
);
export type ApgdTParameters = Static<typeof ApgdTParameters>;
