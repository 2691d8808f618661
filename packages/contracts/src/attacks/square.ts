import { Type, type Static } from 'typebox';
import { Norm, Radius } from './ball.js';
import { attackLosses, LogitTemperature, LOSS_DESCRIPTION } from './objective.js';
import { TargetOffset } from './target-offset.js';

/** The Square attack (Andriushchenko et al. 2020, arXiv 1912.00049). */
export const SquareParameters = Type.Object(
  {
    norm: Norm,
    epsilon: Radius,
    queries: Type.Integer({
      minimum: 1,
      maximum: 10000000,
      default: 5000,
      description: 'Forward passes at most.',
    }),
    initial_share: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.8,
      description: 'Share of the image that the first windows cover (p); it is halved nine times on the way.',
    }),
    stretched: Type.Boolean({
      default: true,
      description:
        "Whether the paper's schedule of window sizes, which is that of 10 000 queries, is stretched over `queries`; AutoAttack takes it as it is.",
    }),
    target_offset: TargetOffset,
    loss: Type.Enum(attackLosses, { default: 'margin', description: LOSS_DESCRIPTION }),
    temperature: LogitTemperature,
  },
  {
    additionalProperties: false,
    description:
      'Square attack: random search by square windows that keeps what raises the loss; it needs scores, but no gradient. At most queries forward passes an example.',
  },
);
export type SquareParameters = Static<typeof SquareParameters>;
