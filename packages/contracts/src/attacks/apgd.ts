import { Type, type Static } from 'typebox';
import { AutoPgdSteps } from './auto-pgd.js';
import { Norm, Radius } from './ball.js';
import { AttackLoss, LogitTemperature } from './objective.js';
import { TargetOffset } from './target-offset.js';

/** Auto-PGD (Croce and Hein 2020, arXiv 2003.01690): APGD-CE, or APGD-DLR by its `loss`. */
export const ApgdParameters = Type.Object(
  {
    norm: Norm,
    epsilon: Radius,
    steps: AutoPgdSteps,
    restarts: Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: 1,
      description: 'Runs an example has, each from a random point of the ball and stopped at its first success.',
    }),
    target_offset: TargetOffset,
    loss: AttackLoss,
    temperature: LogitTemperature,
  },
  {
    additionalProperties: false,
    description:
      'Auto-PGD: projected gradient descent with momentum, whose step size halves itself where the loss stalls. At most steps x restarts gradients an example.',
  },
);
export type ApgdParameters = Static<typeof ApgdParameters>;
