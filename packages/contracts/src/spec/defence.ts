import { Type, type Static } from 'typebox';
import { Norm, Radius } from '../attacks/ball.js';

/** The search for the images on which a net is trained: projected gradient ascent inside a ball, as in the attack `pgd`. */
const search = {
  norm: Norm,
  epsilon: Radius,
  step_size: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      description:
        'Length of one step in the same norm and units; 2.5 · epsilon / steps where absent (Madry et al. 2017).',
    }),
  ),
  steps: Type.Integer({ minimum: 1, maximum: 1000, default: 7, description: 'Gradients a batch; each costs a pass.' }),
  ramp_epochs: Type.Number({
    minimum: 0,
    maximum: 10000,
    default: 0,
    description:
      'Epochs, also in part, over which epsilon and the step rise from 0: a small net that meets a large ball at once stays constant.',
  }),
};

/** Training on the worst images inside a ball around each example (Madry et al. 2017, arXiv 1706.06083). */
export const PgdDefence = Type.Object(
  {
    name: Type.Literal('pgd'),
    ...search,
    random_start: Type.Boolean({
      default: true,
      description: 'Whether the search starts at a random point of the ball instead of the image.',
    }),
  },
  { additionalProperties: false },
);
export type PgdDefence = Static<typeof PgdDefence>;

/** Training on the images as they are, plus beta times how far the worst images change the answer (Zhang et al. 2019, arXiv 1901.08573). */
export const TradesDefence = Type.Object(
  {
    name: Type.Literal('trades'),
    ...search,
    beta: Type.Number({
      minimum: 0,
      maximum: 1000,
      default: 6,
      description: 'What the divergence of the answers counts against the cross-entropy: 1/λ in the paper.',
    }),
  },
  { additionalProperties: false },
);
export type TradesDefence = Static<typeof TradesDefence>;

/** Adversarial training. */
export const Defence = Type.Union([PgdDefence, TradesDefence], {
  description: 'Adversarial training; the net is trained on its plain images where absent.',
});
export type Defence = Static<typeof Defence>;
