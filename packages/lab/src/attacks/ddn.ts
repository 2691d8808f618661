import { lossNamed } from '../losses/loss.js';
import { clip } from './clip.js';
import { cosineDecay } from './cosine-decay.js';
import { defineAttack } from './define.js';
import { randomOf, type Example } from './example.js';
import { searchLines } from './final-search.js';
import { NearestFound } from './nearest-found.js';
import { euclideanLength, scaleTo } from './norm-ball.js';

/**
 * Decoupled direction and norm: each step turns the perturbation up the loss, and sets its L2 length by itself, shorter
 * where the image is adversarial already and longer where it is not.
 *
 * Rony et al. 2018, arXiv 1811.09600, without its rounding to grey levels. `steps` gradients and two forward passes an
 * example, whatever it finds on the way; the last confirms the nearest adversarial image, which is kept. A last search on
 * the line back to the original, which the paper does not have, costs `final_search_steps` forward passes. An image that
 * fools already costs one forward pass and stays. Where a gradient is zero the step goes in a random direction, as in the authors'
 * code, until one leads.
 */
export const ddn = defineAttack({
  name: 'ddn',
  paper: 'Rony et al. 2018, arXiv 1811.09600',
  targetOffset: ({ target_offset }) => target_offset,
  async perturb(victim, examples, parameters, journal) {
    const { steps, initial_radius, gamma, step_size, final_search_steps } = parameters;
    const loss = lossNamed(parameters.loss, parameters.temperature);
    const nearest = await NearestFound.in(journal, euclideanLength);
    const searching = await journal.once('searching', () => victim.unfooled(examples));
    const radii = await journal.once('radii', () => new Map(searching.map((example) => [example, initial_radius])));
    for (const step = journal.loop('step'); step.at < steps; await step.next()) {
      const length = cosineDecay(step_size, step_size / 100, step.at / steps);
      for (const { example, fooled, gradient } of await victim.ascents(searching, loss)) {
        if (fooled) nearest.offer(example);
        const radius = radii.get(example)! * (fooled ? 1 - gamma : 1 + gamma);
        turn(example, directionOf(example, gradient, step.at), length, radius);
        radii.set(example, radius);
      }
    }
    await journal.once('last images', async () => {
      for (const example of await victim.fooled(searching)) nearest.offer(example);
    });
    await searchLines(victim, searching, nearest, final_search_steps, journal);
    await nearest.settle(victim, searching, journal);
  },
});

/** The gradient, or in its place a random direction where it is zero, as it is where a net hides it. */
function directionOf(example: Example, gradient: Float32Array, step: number): Float32Array {
  if (gradient.some((slope) => slope !== 0)) return gradient;
  const random = randomOf(example, `direction/${step}`);
  return gradient.map(() => random.normal());
}

/**
 * Adds a step of that length along a direction to an example's perturbation, brings it to its radius, and clips the image to
 * the box; in place, and without an array of its own, since that would cost more than the arithmetic.
 */
function turn({ original, image }: Example, direction: Float32Array, length: number, radius: number): void {
  const step = scaleTo(length, direction);
  let sum = 0;
  for (let at = 0; at < image.length; at++) {
    const turned = image[at]! - original[at]! + direction[at]! * step;
    sum += turned * turned;
  }
  const scale = sum === 0 ? 1 : radius / Math.sqrt(sum);
  for (let at = 0; at < image.length; at++) {
    const turned = image[at]! - original[at]! + direction[at]! * step;
    const moved = original[at]! + turned * scale - original[at]!; // rounded as a projection rounds it
    image[at] = clip(original[at]! + moved, 0, 1);
  }
}
