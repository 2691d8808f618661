import { Type, type Static } from 'typebox';
import { AttackLoss, LogitTemperature } from './objective.js';
import { TargetOffset } from './target-offset.js';

/** The basic iterative method (Kurakin et al. 2016, arXiv 1607.02533). */
export const BimParameters = Type.Object(
  {
    epsilon: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.3,
      description: 'Linf radius of the ball, in pixel units (the pixel range is 0 to 1).',
    }),
    step_size: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.03,
      description: 'Linf length of one step, in the same units; the paper takes 1/255.',
    }),
    steps: Type.Integer({ minimum: 1, maximum: 100000, default: 10, description: 'Steps at most.' }),
    target_offset: TargetOffset,
    loss: AttackLoss,
    temperature: LogitTemperature,
  },
  {
    additionalProperties: false,
    description:
      'Basic iterative method: FGSM in small steps from the image itself, without a random start. At most steps gradients an example.',
  },
);
export type BimParameters = Static<typeof BimParameters>;
