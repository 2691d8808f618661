import type { AutoattackParameters } from '@retort/contracts';
import type { Attack } from './attack.js';
import { checkParameters } from './define.js';
import { runEnsemble } from './ensemble.js';
import { singleAttacks } from './single-attacks.js';

/**
 * AutoAttack: APGD on the cross-entropy, then targeted APGD, targeted FAB and Square, each on the examples that those
 * before it left.
 *
 * Croce and Hein 2020, arXiv 2003.01690; with the defaults the standard version of the authors' code
 * (`fra31/auto-attack`). FAB-T seeks the nearest adversarial image, which counts where it lies within `epsilon`. An
 * example that none fools stays at its original image.
 */
export const autoattack: Attack<AutoattackParameters> = {
  name: 'autoattack',
  paper: 'Croce and Hein 2020, arXiv 2003.01690',
  async run(context, given) {
    const parameters = checkParameters('autoattack', given);
    const { norm, epsilon, steps, targets, queries } = parameters;
    const { apgd, fab, square } = singleAttacks;
    const members = [
      { name: 'apgd-ce', attack: apgd, parameters: { norm, epsilon, steps } },
      { name: 'apgd-t', attack: singleAttacks['apgd-t'], parameters: { norm, epsilon, steps, targets } },
      { name: 'fab-t', attack: fab, parameters: { norm, steps, boundaries: 'each', candidates: targets } },
      { name: 'square', attack: square, parameters: { norm, epsilon, queries, stretched: false } },
    ];
    return runEnsemble({ name: 'autoattack', parameters }, context, members, {
      keep: 'first',
      bound: { norm, epsilon },
    });
  },
};
