import { defineAttack } from './define.js';
import { normBall } from './norm-ball.js';

/**
 * Random noise: perturbations drawn uniformly from the ball, until one changes the class.
 *
 * Untargeted, without gradients: a gradient attack that it beats is not led by its gradient (Carlini et al. 2019,
 * arXiv 1902.06705). At most `tries` forward passes; an example that none fools keeps the last image.
 *
 * Parameters: `norm` (`linf`), `epsilon` (0.3), `tries` (100).
 */
export const randomNoise = defineAttack({
  name: 'random-noise',
  paper: 'Carlini et al. 2019, arXiv 1902.06705',
  async perturb(victim, examples, { norm, epsilon, tries }) {
    const ball = normBall(norm, epsilon);
    const streams = new Map(examples.map((example) => [example, example.random('noise')]));
    let searching = [...examples];
    for (let attempt = 0; attempt < tries; attempt++) {
      for (const example of searching) {
        const { original } = example;
        example.image = ball.project(original, original, ball.sample(original.length, streams.get(example)!));
      }
      searching = await victim.unfooled(searching);
    }
  },
});
