import { Type, type Static, type TObject } from 'typebox';
import { attackChoice, type AttackChoice } from './attack-choice.js';
import { presetNames, presetParameters } from './presets.js';
import { singleAttackParameters } from './single-attacks.js';

const members: [string, TObject][] = [
  ...Object.entries(singleAttackParameters),
  ...presetNames.map((name): [string, TObject] => [name, presetParameters(name)]),
];

const Member = Type.Union(
  members.map(([name, parameters]) => Type.Object(attackChoice(name, parameters), { additionalProperties: false })),
);

/** The worst case of several attacks, per example. */
export const WorstCaseParameters = Type.Object(
  {
    attacks: Type.Array(Member, {
      minItems: 1,
      maxItems: 100,
      default: [{ attack: 'apgd' }, { attack: 'apgd', parameters: { loss: 'dlr' } }, { attack: 'square' }],
      description: 'The attacks, in the order in which they run; each with its own parameters, and none an ensemble.',
    }),
    keep: Type.Enum(['first', 'l0', 'l2', 'linf'], {
      default: 'first',
      description:
        '`first`: an example leaves at the first attack that fools the net with it. A norm: every attack runs, and the adversarial image that is nearest in that norm is kept.',
    }),
    norm: Type.Enum(['none', 'l0', 'l2', 'linf'], {
      default: 'none',
      description:
        'The norm in which an image must lie within epsilon to count, which bounds attacks that know no bound; `none` lets every image count.',
    }),
    epsilon: Type.Number({
      minimum: 0,
      maximum: 10000000,
      default: 0.3,
      description: 'The largest distance in that norm, in pixel units (the pixel range is 0 to 1); unused with `none`.',
    }),
  },
  {
    additionalProperties: false,
    description:
      'Worst case of several attacks: an example counts as soon as any of them fools the net with it. It costs an example what its attacks cost, and one forward pass each.',
  },
);
export type WorstCaseParameters = Omit<Static<typeof WorstCaseParameters>, 'attacks'> & { attacks: AttackChoice[] };
