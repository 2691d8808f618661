import { lossNamed } from '../losses/loss.js';
import { defineAttack } from './define.js';
import type { Example } from './example.js';
import { normBall } from './norm-ball.js';

/**
 * The momentum iterative fast gradient sign method: steps along the decaying sum of the gradients, each first brought
 * to an L1 norm of 1.
 *
 * Dong et al. 2018, arXiv 1710.06081, algorithm 1 (equation 9 for L2). It starts at the image itself and steps
 * epsilon / `steps` at a time. An example leaves at its first adversarial image; at most `steps` gradients.
 *
 * Parameters: `norm` (`linf`), `epsilon` (0.3), `steps` (10), `decay` of the momentum (1), `target_offset` (0:
 * untargeted), `loss` (`cross-entropy`), `temperature` of the loss (1).
 */
export const miFgsm = defineAttack({
  name: 'mi-fgsm',
  paper: 'Dong et al. 2018, arXiv 1710.06081',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, { norm, epsilon, steps, decay, ...objective }) {
    const loss = lossNamed(objective.loss, objective.temperature);
    const ball = normBall(norm, epsilon);
    const momenta = new Map<Example, Float64Array>();
    let searching = [...examples];
    for (let step = 0; step < steps; step++) {
      const answers = await victim.ascents(searching, loss);
      const unfooled = answers.filter(({ fooled }) => !fooled);
      for (const { example, gradient } of unfooled) {
        const momentum = accumulated(momenta.get(example) ?? new Float64Array(gradient.length), decay, gradient);
        momenta.set(example, momentum);
        example.image = ball.project(example.original, example.image, ball.step(momentum, epsilon / steps));
      }
      searching = unfooled.map(({ example }) => example);
    }
  },
});

/** The momentum times its decay, plus the gradient at an L1 norm of 1; a gradient of zero adds nothing. */
function accumulated(momentum: Float64Array, decay: number, gradient: Float32Array): Float64Array {
  const size = gradient.reduce((sum, value) => sum + Math.abs(value), 0);
  return momentum.map((value, at) => decay * value + (size === 0 ? 0 : gradient[at]! / size));
}
