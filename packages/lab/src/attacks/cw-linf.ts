import type { CwLinfParameters } from '@retort/contracts';
import { defineAttack } from './define.js';
import { lengthIn } from './norm.js';
import { descendInStages, type Stages } from './staged-descent.js';

/**
 * Carlini and Wagner's Linf attack: Adam on c times the logit margin plus all that exceeds a limit tau, in tanh space;
 * tau is lowered after each success and c doubled after each failure.
 *
 * Carlini and Wagner 2016, arXiv 1608.04644, section VI.C, on logits. A descent begins where the last success ended, and
 * succeeds at the first adversarial image within tau; it fails after `steps` gradients, or once a tenth of them has
 * lowered its lowest objective by less than 0.01 %. An example leaves when c or tau has reached its end, with the nearest
 * adversarial image of all; one that fools already costs a forward pass and stays.
 */
export const cwLinf = defineAttack({
  name: 'cw-linf',
  paper: 'Carlini and Wagner 2016, arXiv 1608.04644',
  targetOffset: ({ target_offset }) => target_offset,
  perturb: (victim, examples, parameters, journal) =>
    descendInStages(victim, examples, parameters, lowerLimits(parameters), journal),
});

/** Stages of ever lower limits tau. */
function lowerLimits({ decrease_factor, smallest_tau }: CwLinfParameters): Stages<{ tau: number }> {
  const length = (perturbation: Float64Array) => lengthIn('linf', perturbation);
  return {
    length,
    first: () => ({ tau: 1 }),
    isPassed: ({ tau }, { fooled, perturbation }) => fooled && length(perturbation) <= tau,
    harden: (stage, { example, perturbation }) => {
      stage.tau = decrease_factor * length(perturbation);
      return stage.tau >= smallest_tau ? example.image.slice() : undefined;
    },
    objective: ({ tau }, constant, { perturbation, score, gradient }) => {
      const pull = score < 0 ? constant : 0;
      const slope = new Float64Array(perturbation.length);
      let excess = 0;
      for (let at = 0; at < slope.length; at++) {
        const beyond = Math.max(Math.abs(perturbation[at]!) - tau, 0);
        excess += beyond;
        slope[at] = (beyond > 0 ? Math.sign(perturbation[at]!) : 0) - pull * gradient[at]!;
      }
      return { value: excess - pull * score, gradient: slope };
    },
  };
}
