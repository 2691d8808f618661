import { resolvePreset, type AttackChoice, type SingleAttackName, type WorstCaseParameters } from '@retort/contracts';
import type { Attack } from './attack.js';
import { checkParameters } from './define.js';
import { runEnsemble, type Member } from './ensemble.js';
import { singleAttacks } from './single-attacks.js';

/**
 * The worst case of several attacks, example by example: a net is only as robust as against the best attack on each.
 *
 * Carlini et al. 2019, arXiv 1902.06705, section 4. The attacks run one after the other. With `keep` `first` an example
 * leaves at the first that fools the net with it, so that no gradient is spent twice; with a norm every attack runs on
 * every example, and the nearest adversarial image is kept. Each attack does what it does alone with the same seed. Any
 * class but the label counts, whatever an attack aims at. An example that none fools stays at its original image.
 */
export const worstCaseAttack: Attack<WorstCaseParameters> = {
  name: 'worst-case',
  paper: 'Carlini et al. 2019, arXiv 1902.06705',
  async run(context, given) {
    const parameters = checkParameters('worst-case', given);
    const { attacks, keep, norm, epsilon } = parameters;
    return runEnsemble({ name: 'worst-case', parameters }, context, membersOf(attacks), {
      keep,
      bound: norm === 'none' ? undefined : { norm, epsilon },
    });
  },
};

/** The members, each named for its attack or preset; a name that stands there again gets a number. */
function membersOf(choices: readonly AttackChoice[]): Member[] {
  return choices.map((choice, at) => {
    const earlier = choices.slice(0, at).filter((other) => other.attack === choice.attack).length;
    const { attack, parameters } = resolvePreset(choice);
    return {
      name: earlier === 0 ? choice.attack : `${choice.attack} ${earlier + 1}`,
      attack: singleAttacks[attack as SingleAttackName],
      parameters,
    };
  });
}
