import { margin } from '../losses/margin.js';
import { cosineDecay } from './cosine-decay.js';
import { defineAttack } from './define.js';
import { searchLines } from './final-search.js';
import { NearestFound } from './nearest-found.js';
import { difference, dualLengthIn, lengthIn } from './norm.js';
import { normBall } from './norm-ball.js';

/**
 * The fast minimum-norm attack: steps up the logit margin, each brought back into a ball whose radius closes in on the
 * boundary.
 *
 * Pintor et al. 2021, arXiv 2102.12827. Until an adversarial image is known the radius reaches as far as the linearised
 * boundary, and each step by gamma further than the last, without which it can creep towards the boundary for ever;
 * then it shrinks by gamma where the image is adversarial, and grows by it where it is not. `steps` gradients
 * and two forward passes an example, of which the last confirms the nearest adversarial image; that is kept. A last
 * search on the line back to the original, which the paper does not have, costs `final_search_steps` forward passes. An
 * image that fools already costs one forward pass and stays.
 */
export const fmn = defineAttack({
  name: 'fmn',
  paper: 'Pintor et al. 2021, arXiv 2102.12827',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, parameters, journal) {
    const { norm, steps, step_size, initial_gamma, final_gamma, final_search_steps } = parameters;
    const space = normBall('l2', Infinity);
    const nearest = await NearestFound.in(journal, (perturbation) => lengthIn(norm, perturbation));
    const searching = await journal.once('searching', () => victim.unfooled(examples));
    const radii = await journal.once('radii', () => new Map(searching.map((example) => [example, 0])));
    for (const step = journal.loop('step'); step.at < steps; await step.next()) {
      const length = cosineDecay(step_size, step_size / 100, step.at / steps);
      const gamma = cosineDecay(initial_gamma, final_gamma, step.at / steps);
      for (const { example, fooled, score, gradient } of await victim.ascents(searching, margin)) {
        const { original, image } = example;
        const previous = radii.get(example)!;
        let radius = previous * (1 + gamma);
        if (fooled) {
          nearest.offer(example);
          radius = Math.min(previous * (1 - gamma), nearest.distance(example));
        } else if (nearest.image(example) === undefined) {
          const boundary = Math.abs(score) / dualLengthIn(norm, gradient);
          if (Number.isFinite(boundary))
            radius = Math.max(radius, lengthIn(norm, difference(original, image)) + boundary);
        }
        radii.set(example, radius);
        example.image = normBall(norm, radius).project(original, image, space.step(gradient, length));
      }
    }
    await journal.once('last images', async () => {
      for (const example of await victim.fooled(searching)) nearest.offer(example);
    });
    await searchLines(victim, searching, nearest, final_search_steps, journal);
    await nearest.settle(victim, searching, journal);
  },
});
