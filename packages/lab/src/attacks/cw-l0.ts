import { defineAttack } from './define.js';
import { euclideanLength } from './norm-ball.js';
import { descendInStages, type Arrival, type Stages } from './staged-descent.js';

/** How many pixel values a success freezes of those that it changed, times the root of their number: the authors' code's. */
const FROZEN_PER_ROOT = 0.3;

/**
 * Carlini and Wagner's L0 attack: their L2 objective over a set of free pixel values, from which each success takes
 * those that matter least, until no constant c succeeds with what is left.
 *
 * Carlini and Wagner 2016, arXiv 1608.04644, section VI.A, on logits. A descent begins where the last success ended, and
 * succeeds at its first adversarial image: all values that it has not changed are frozen, and those with the smallest
 * gradient times change, 0.3 times the root of their number at a time as in the authors' code. It fails after `steps`
 * gradients, or once a tenth of them has lowered its lowest objective by less than 0.01 %; then c is doubled. Every channel of
 * a pixel counts as a value. The adversarial image with the fewest changes is kept; one that fools already costs a
 * forward pass and stays.
 */
export const cwL0 = defineAttack({
  name: 'cw-l0',
  paper: 'Carlini and Wagner 2016, arXiv 1608.04644',
  targetOffset: ({ target_offset }) => target_offset,
  perturb: (victim, examples, parameters, journal) =>
    descendInStages(victim, examples, parameters, fewerValues, journal),
});

/** Stages of ever fewer free pixel values. */
const fewerValues: Stages<{ readonly free: Set<number> }> = {
  length: (perturbation) => perturbation.filter((value) => value !== 0).length,
  first: ({ original }) => ({ free: new Set(original.keys()) }),
  isPassed: (_, { fooled }) => fooled,
  harden: ({ free }, arrival) => {
    freeze(free, arrival);
    const { original, image } = arrival.example;
    return free.size > 0 ? original.map((pixel, at) => (free.has(at) ? image[at]! : pixel)) : undefined;
  },
  objective: ({ free }, constant, { perturbation, score, gradient }) => ({
    value: euclideanLength(perturbation) ** 2 - constant * score,
    gradient: perturbation.map((value, at) => (free.has(at) ? 2 * value - constant * gradient[at]! : 0)),
  }),
};

/** Takes from the free values those that have not changed, and of the others those that matter least. */
function freeze(free: Set<number>, { perturbation, gradient }: Arrival): void {
  for (const at of [...free]) if (perturbation[at] === 0) free.delete(at);
  const weight = (at: number) => Math.abs(perturbation[at]! * gradient[at]!);
  const byWeight = [...free].sort((first, second) => weight(first) - weight(second));
  const count = Math.ceil(FROZEN_PER_ROOT * Math.sqrt(byWeight.length));
  for (const at of byWeight.slice(0, count)) free.delete(at);
}
