import { Type, type Static } from 'typebox';
import { Norm, Radius } from './ball.js';
import { AttackLoss, LogitTemperature } from './objective.js';

/** Projected gradient descent (Madry et al. 2017, arXiv 1706.06083). */
export const PgdParameters = Type.Object(
  {
    norm: Norm,
    epsilon: Radius,
    step_size: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      default: 0.01,
      description: 'Length of one step in the same norm and units.',
    }),
    steps: Type.Integer({ minimum: 1, maximum: 100000, default: 40, description: 'Steps of one run.' }),
    restarts: Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: 1,
      description: 'Runs an example has; each stops at its first success.',
    }),
    random_start: Type.Boolean({
      default: true,
      description:
        'Whether the first run starts at a random point of the ball instead of the image; later runs always do.',
    }),
    target_offset: Type.Integer({
      minimum: 0,
      maximum: 100000,
      default: 0,
      description: '0: any other class. k: the class (label + k) modulo the number of classes.',
    }),
    loss: AttackLoss,
    temperature: LogitTemperature,
  },
  {
    additionalProperties: false,
    description:
      'Projected gradient descent: steps up the loss inside a ball. At most steps x restarts gradients an example.',
  },
);
export type PgdParameters = Static<typeof PgdParameters>;
