import { lossNamed } from '../losses/loss.js';
import { defineAttack } from './define.js';
import { normBall } from './norm-ball.js';

/**
 * The basic iterative method: FGSM in many small steps, each clipped to the ball around the image.
 *
 * Kurakin, Goodfellow and Bengio 2016, arXiv 1607.02533. It is PGD in Linf from the image itself, and so needs no
 * random numbers. An example leaves at its first adversarial image, or where the gradient is zero, since no step leads
 * away from there; at most `steps` gradients.
 */
export const bim = defineAttack({
  name: 'bim',
  paper: 'Kurakin et al. 2016, arXiv 1607.02533',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, { epsilon, step_size, steps, ...objective }, journal) {
    const loss = lossNamed(objective.loss, objective.temperature);
    const ball = normBall('linf', epsilon);
    const searching = await journal.once('searching', () => new Set(examples));
    for (const step = journal.loop('step'); step.at < steps; await step.next()) {
      for (const { example, fooled, gradient, stuck } of await victim.ascents([...searching], loss)) {
        if (fooled || stuck) searching.delete(example);
        else ball.climb(example.original, example.image, gradient, step_size);
      }
    }
  },
});
