import { Type, type Static } from 'typebox';

/** Salt-and-pepper noise: what every attack that moves few pixels must beat. */
export const SaltAndPepperParameters = Type.Object(
  {
    maximum_pixels: Type.Integer({
      minimum: 0,
      maximum: 10000000,
      default: 99,
      description: 'Most pixel values set to 0 or 1.',
    }),
    stages: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 10,
      description: 'In how many equal parts the noise of one try is added, with a look at the class after each.',
    }),
    tries: Type.Integer({
      minimum: 1,
      maximum: 1000000,
      default: 10,
      description: 'Independent draws of the noise at most, until one changes the class.',
    }),
  },
  {
    additionalProperties: false,
    description:
      'Salt-and-pepper noise: sets ever more random pixel values to 0 or 1; it uses no gradient. At most stages x tries forward passes an example.',
  },
);
export type SaltAndPepperParameters = Static<typeof SaltAndPepperParameters>;
