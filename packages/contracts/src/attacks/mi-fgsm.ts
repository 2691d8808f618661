import { Type, type Static } from 'typebox';
import { Norm, Radius } from './ball.js';
import { AttackLoss, LogitTemperature } from './objective.js';
import { TargetOffset } from './target-offset.js';

/** The momentum iterative fast gradient sign method (Dong et al. 2018, arXiv 1710.06081). */
export const MiFgsmParameters = Type.Object(
  {
    norm: Norm,
    epsilon: Radius,
    steps: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 10,
      description: 'Steps at most; each is epsilon / steps long.',
    }),
    decay: Type.Number({
      minimum: 0,
      maximum: 10,
      default: 1,
      description:
        'What the momentum so far is multiplied by before each gradient is added to it (mu); 0: no momentum.',
    }),
    target_offset: TargetOffset,
    loss: AttackLoss,
    temperature: LogitTemperature,
  },
  {
    additionalProperties: false,
    description:
      'Momentum iterative FGSM: steps along the running sum of the normalised gradients. At most steps gradients an example.',
  },
);
export type MiFgsmParameters = Static<typeof MiFgsmParameters>;
