import { lossNamed } from '../losses/loss.js';
import { defineAttack } from './define.js';
import { normBall } from './norm-ball.js';

/**
 * The basic iterative method: FGSM in many small steps, each clipped to the ball around the image.
 *
 * Kurakin, Goodfellow and Bengio 2016, arXiv 1607.02533. It is PGD in Linf from the image itself, and so needs no
 * random numbers. An example leaves at its first adversarial image; at most `steps` gradients.
 *
 * Parameters: `epsilon` (Linf, 0.3), `step_size` (0.03), `steps` (10), `target_offset` (0: untargeted), `loss`
 * (`cross-entropy`), `temperature` of the loss (1).
 */
export const bim = defineAttack({
  name: 'bim',
  paper: 'Kurakin et al. 2016, arXiv 1607.02533',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, { epsilon, step_size, steps, ...objective }) {
    const loss = lossNamed(objective.loss, objective.temperature);
    const ball = normBall('linf', epsilon);
    let searching = [...examples];
    for (let step = 0; step < steps; step++) {
      const answers = await victim.ascents(searching, loss);
      const unfooled = answers.filter(({ fooled }) => !fooled);
      for (const { example, gradient } of unfooled) {
        example.image = ball.project(example.original, example.image, ball.step(gradient, step_size));
      }
      searching = unfooled.map(({ example }) => example);
    }
  },
});
