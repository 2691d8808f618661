import { Type, type Static } from 'typebox';
import { Norm, Radius } from './ball.js';

/** Random noise of a bounded norm: what every attack of that norm must beat. */
export const RandomNoiseParameters = Type.Object(
  {
    norm: Norm,
    epsilon: Radius,
    tries: Type.Integer({
      minimum: 1,
      maximum: 1000000,
      default: 100,
      description: 'Perturbations drawn at most, until one changes the class.',
    }),
  },
  {
    additionalProperties: false,
    description:
      'Random noise: draws perturbations uniformly from the ball; it uses no gradient. At most tries forward passes an example.',
  },
);
export type RandomNoiseParameters = Static<typeof RandomNoiseParameters>;
