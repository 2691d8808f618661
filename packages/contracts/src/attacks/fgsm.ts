import { Type, type Static } from 'typebox';
import { AttackLoss, LogitTemperature } from './objective.js';

/** The fast gradient sign method (Goodfellow et al. 2014, arXiv 1412.6572). */
export const FgsmParameters = Type.Object(
  {
    epsilon: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.3,
      description: 'Linf size of the one step, in pixel units (the pixel range is 0 to 1).',
    }),
    loss: AttackLoss,
    temperature: LogitTemperature,
  },
  {
    additionalProperties: false,
    description: 'Fast gradient sign method: one Linf step up the loss. One gradient an example.',
  },
);
export type FgsmParameters = Static<typeof FgsmParameters>;
