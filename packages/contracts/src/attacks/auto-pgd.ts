import { Type } from 'typebox';

/** The length of each run of Auto-PGD. */
export const AutoPgdSteps = Type.Integer({
  minimum: 1,
  maximum: 100000,
  default: 100,
  description: 'Steps of one run.',
});
