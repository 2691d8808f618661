import { lossNamed } from '../losses/loss.js';
import { defineAttack } from './define.js';
import type { Example } from './example.js';
import { dualLengthIn } from './norm.js';
import { normBall } from './norm-ball.js';

/**
 * The momentum iterative fast gradient sign method: steps along the decaying sum of the gradients, each first brought
 * to an L1 norm of 1.
 *
 * Dong et al. 2018, arXiv 1710.06081, algorithm 1 (equation 9 for L2). It starts at the image itself and steps
 * epsilon / `steps` at a time. An example leaves at its first adversarial image, or where the first gradient is zero, since
 * no step leads away from there; at most `steps` gradients.
 */
export const miFgsm = defineAttack({
  name: 'mi-fgsm',
  paper: 'Dong et al. 2018, arXiv 1710.06081',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, { norm, epsilon, steps, decay, ...objective }, journal) {
    const loss = lossNamed(objective.loss, objective.temperature);
    const ball = normBall(norm, epsilon);
    /** The momentum of each example that is not fooled yet. */
    const momenta = await journal.once('momenta', () => new Map(examples.map((example) => [example, still(example)])));
    for (const step = journal.loop('step'); step.at < steps; await step.next()) {
      for (const { example, fooled, gradient, stuck } of await victim.ascents([...momenta.keys()], loss)) {
        if (fooled || (stuck && step.at === 0)) {
          momenta.delete(example);
          continue;
        }
        const momentum = momenta.get(example)!;
        accumulate(momentum, decay, gradient);
        ball.climb(example.original, example.image, momentum, epsilon / steps);
      }
    }
  },
});

function still({ original }: Example): Float64Array {
  return new Float64Array(original.length);
}

/** Makes the momentum its decayed self plus the gradient at an L1 norm of 1; a gradient of zero adds nothing. */
function accumulate(momentum: Float64Array, decay: number, gradient: Float32Array): void {
  const size = dualLengthIn('linf', gradient);
  for (let at = 0; at < momentum.length; at++) {
    momentum[at] = decay * momentum[at]! + (size === 0 ? 0 : gradient[at]! / size);
  }
}
