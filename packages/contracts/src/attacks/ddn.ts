import { Type, type Static } from 'typebox';
import { FinalSearchSteps } from './final-search.js';
import { AttackLoss, LogitTemperature } from './objective.js';
import { TargetOffset } from './target-offset.js';

/** Decoupled direction and norm (Rony et al. 2018, arXiv 1811.09600). */
export const DdnParameters = Type.Object(
  {
    steps: Type.Integer({ minimum: 1, maximum: 100000, default: 100, description: 'Steps that each example takes.' }),
    initial_radius: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      default: 1,
      description: 'L2 length of the first perturbation, in pixel units (the pixel range is 0 to 1).',
    }),
    gamma: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.05,
      description: 'The share by which a step shortens the perturbation if it is adversarial, and else lengthens it.',
    }),
    step_size: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      default: 1,
      description: 'L2 length of the first step, in pixel units; it falls to a hundredth along a cosine.',
    }),
    final_search_steps: FinalSearchSteps,
    loss: AttackLoss,
    temperature: LogitTemperature,
    target_offset: TargetOffset,
  },
  {
    additionalProperties: false,
    description:
      'Decoupled direction and norm: turns an L2 perturbation up the loss while its length follows success and failure. `steps` gradients an example.',
  },
);
export type DdnParameters = Static<typeof DdnParameters>;
