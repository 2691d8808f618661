import { Random } from '@retort/random';
import { defineAttack } from './define.js';
import { randomOf } from './example.js';
import { normBall } from './norm-ball.js';

/**
 * Random noise: perturbations drawn uniformly from the ball, until one changes the class.
 *
 * Untargeted, without gradients: a gradient attack that it beats is not led by its gradient (Carlini et al. 2019,
 * arXiv 1902.06705). At most `tries` forward passes; an example that none fools keeps the last image.
 */
export const randomNoise = defineAttack({
  name: 'random-noise',
  paper: 'Carlini et al. 2019, arXiv 1902.06705',
  async perturb(victim, examples, { norm, epsilon, tries }, journal) {
    const ball = normBall(norm, epsilon);
    /** Where the random stream of each example that is not fooled yet stands. */
    const streams = await journal.once(
      'streams',
      () => new Map(examples.map((example) => [example, randomOf(example, 'noise').state])),
    );
    for (const attempt = journal.loop('attempt'); attempt.at < tries; await attempt.next()) {
      for (const [example, state] of streams) {
        const { original } = example;
        const random = new Random(state);
        example.image = ball.project(original, original, ball.sample(original.length, random));
        streams.set(example, random.state);
      }
      for (const example of await victim.fooled([...streams.keys()])) streams.delete(example);
    }
  },
});
