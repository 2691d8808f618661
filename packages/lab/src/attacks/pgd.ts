import { lossNamed } from '../losses/loss.js';
import { defineAttack } from './define.js';
import { randomOf } from './example.js';
import { normBall } from './norm-ball.js';

/**
 * Projected gradient descent: repeated steps of a fixed size up the loss, each brought back into a ball around the image.
 *
 * Madry et al. 2017, arXiv 1706.06083. An example leaves at its first adversarial image, which its next gradient's own
 * forward pass reveals: at most `steps` gradients and one forward pass a run, `restarts` runs. The first run starts at
 * a random point of the ball, or at the image itself where `random_start` is false; later runs always start at random.
 * An example that no run fools keeps the last image of the last run. Where the gradient is zero no step leads away, and
 * the example leaves the run at once.
 */
export const pgd = defineAttack({
  name: 'pgd',
  paper: 'Madry et al. 2017, arXiv 1706.06083',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, parameters, journal) {
    const { norm, epsilon, step_size, steps, restarts, random_start } = parameters;
    const loss = lossNamed(parameters.loss, parameters.temperature);
    const ball = normBall(norm, epsilon);
    const searching = await journal.once('searching', () => new Set(examples));
    for (const run = journal.loop('run'); run.at < restarts; await run.next()) {
      const moving = await run.once('moving', () => {
        for (const example of searching) {
          const { original } = example;
          const atImage = run.at === 0 && !random_start;
          const start = atImage
            ? new Float64Array(original.length)
            : ball.sample(original.length, randomOf(example, `${run.at}`));
          example.image = ball.project(original, original, start);
        }
        return new Set(searching);
      });
      for (const step = run.loop('step'); step.at < steps; await step.next()) {
        for (const { example, fooled, gradient, stuck } of await victim.ascents([...moving], loss)) {
          if (fooled) searching.delete(example);
          if (fooled || stuck) moving.delete(example);
          else ball.climb(example.original, example.image, gradient, step_size);
        }
      }
      for (const example of await victim.fooled([...moving])) searching.delete(example);
    }
  },
});
