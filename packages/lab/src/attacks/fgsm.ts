import { lossNamed } from '../losses/loss.js';
import { defineAttack } from './define.js';
import { normBall } from './norm-ball.js';

/**
 * The fast gradient sign method: one step of size epsilon along the sign of the loss's gradient, clipped to the box.
 *
 * Goodfellow, Shlens and Szegedy 2014, arXiv 1412.6572. Untargeted. One gradient an example. An image whose gradient is
 * zero stays as it is.
 */
export const fgsm = defineAttack({
  name: 'fgsm',
  paper: 'Goodfellow et al. 2014, arXiv 1412.6572',
  async perturb(victim, examples, { epsilon, loss, temperature }) {
    const ball = normBall('linf', epsilon);
    for (const { example, gradient } of await victim.ascents(examples, lossNamed(loss, temperature))) {
      ball.climb(example.original, example.image, gradient, epsilon);
    }
  },
});
