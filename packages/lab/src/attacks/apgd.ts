import { lossNamed } from '../losses/loss.js';
import { autoPgd } from './auto-pgd.js';
import { defineAttack } from './define.js';
import { normBall } from './norm-ball.js';

/**
 * Auto-PGD: projected gradient descent with momentum and a step size that finds itself; APGD-CE, and APGD-DLR with the
 * loss `dlr`.
 *
 * Croce and Hein 2020, arXiv 2003.01690, algorithm 1. Each of `restarts` runs starts at a random point of the ball; an
 * example leaves at its first adversarial image. At most `steps` gradients and one forward pass a run. An example that
 * no run fools keeps the image of the highest loss of its last run.
 */
export const apgd = defineAttack({
  name: 'apgd',
  paper: 'Croce and Hein 2020, arXiv 2003.01690',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, { norm, epsilon, steps, restarts, ...objective }, journal) {
    const loss = lossNamed(objective.loss, objective.temperature);
    const ball = normBall(norm, epsilon);
    const searching = await journal.once('searching', () => new Set(examples));
    for (const run = journal.loop('run'); run.at < restarts; await run.next()) {
      await autoPgd(victim, searching, { ball, epsilon, steps, lossOf: () => loss, name: `${run.at}` }, run);
    }
  },
});
