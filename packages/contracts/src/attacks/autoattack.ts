import { Type, type Static } from 'typebox';
import { Norm, Radius } from './ball.js';

/** AutoAttack (Croce and Hein 2020, arXiv 2003.01690): its standard version with the defaults. */
export const AutoattackParameters = Type.Object(
  {
    norm: Norm,
    epsilon: Radius,
    steps: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 100,
      description: 'Steps of each run of APGD-CE, APGD-T and FAB-T; 100 in the standard version.',
    }),
    targets: Type.Integer({
      minimum: 1,
      maximum: 100000,
      default: 9,
      description: 'How many classes APGD-T and FAB-T aim at, the most likely first; 9 in the standard version.',
    }),
    queries: Type.Integer({
      minimum: 1,
      maximum: 10000000,
      default: 5000,
      description: 'Forward passes of Square at most; 5000 in the standard version.',
    }),
  },
  {
    additionalProperties: false,
    description:
      'AutoAttack: APGD-CE, then APGD-T, FAB-T and Square on what is left. At most steps x (1 + 2 x targets) gradients an example.',
  },
);
export type AutoattackParameters = Static<typeof AutoattackParameters>;
