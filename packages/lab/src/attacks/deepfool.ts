import { nearestBoundaries, rivalsOf } from './class-boundary.js';
import { size } from '../nets/plan.js';
import { defineAttack } from './define.js';
import type { Example } from './example.js';
import { difference, dualLengthIn } from './norm.js';
import { normBall } from './norm-ball.js';
import type { Reading } from './victim.js';

/** How far a step goes beyond the boundary, in pixel units as in the authors' code, so that rounding cannot stall it. */
const BEYOND = 1e-4;

/**
 * DeepFool: steps again and again to the nearest boundary of the linearised classifier, until the class changes.
 *
 * Moosavi-Dezfooli, Fawzi and Frossard 2015, arXiv 1511.04599. Untargeted. A step costs one forward pass, and a
 * gradient drawn from it for each candidate class; the image that is tried is the sum of all steps, lengthened by
 * `overshoot`. Each step is clipped to the box, and no scale of the logits changes it. An example leaves at its first
 * adversarial image, or where no candidate has a gradient; one that is misclassified already costs a forward pass and
 * stays.
 */
export const deepfool = defineAttack({
  name: 'deepfool',
  paper: 'Moosavi-Dezfooli et al. 2015, arXiv 1511.04599',
  async perturb(victim, examples, { norm, steps, overshoot, candidates }, journal) {
    const space = normBall(norm, Infinity);
    const dualLength = (gradient: Float32Array) => dualLengthIn(norm, gradient);
    const rivals = await journal.once('rivals', () => new Map<Example, number[]>());
    const searching = await journal.once('searching', () => new Set(examples));
    const reached = await journal.once(
      'reached',
      () => new Map(examples.map((example) => [example, example.original.slice()])),
    );
    const perturbation = new Float64Array(size(victim.inputShape));
    for (const step = journal.loop('step'); step.at < steps && searching.size > 0; await step.next()) {
      const rivalsAt = (reading: Reading) => {
        if (reading.fooled) return [];
        if (!rivals.has(reading.example)) rivals.set(reading.example, rivalsOf(reading).slice(0, candidates));
        return rivals.get(reading.example)!;
      };
      const boundaries = await nearestBoundaries(victim, [...searching], rivalsAt, dualLength);
      searching.clear();
      for (const { example, gap, gradient } of boundaries) {
        const { original } = example;
        const point = reached.get(example)!;
        space.climb(original, point, gradient, Math.abs(gap) / dualLength(gradient) + BEYOND);
        difference(original, point, perturbation);
        for (let at = 0; at < perturbation.length; at++) perturbation[at]! *= 1 + overshoot;
        example.image = space.project(original, original, perturbation);
        searching.add(example);
      }
    }
  },
});
