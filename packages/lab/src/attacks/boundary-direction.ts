import type { MinimisedNorm } from '@retort/contracts';
import type { Random } from '@retort/random';
import { rows } from '../gradients/rows.js';
import { clip } from './clip.js';
import type { Example } from './example.js';
import { euclideanLength, scaledTo } from './norm-ball.js';
import type { Victim } from './victim.js';

/**
 * The direction in which an image on the boundary becomes more adversarial, estimated from decisions alone.
 *
 * Chen et al. 2019, arXiv 1904.02144, equation 16: random steps are averaged, each with the sign of the decision at its
 * end less the mean of all signs, which lowers the variance.
 *
 * @param image on the boundary, or just beyond it
 * @param length of the random steps
 * @param draws how many of them, a forward pass each
 * @returns a unit vector in L2
 */
export async function boundaryDirection(
  victim: Victim,
  example: Example,
  image: Float32Array,
  { norm, length, draws }: { norm: MinimisedNorm; length: number; draws: number },
  random: Random,
): Promise<Float64Array> {
  const pixels = image.length;
  const variants = rows(new Float32Array(draws * pixels), pixels);
  const step = new Float64Array(pixels);
  for (const variant of variants) {
    drawInto(step, norm, random);
    const scale = length / euclideanLength(step);
    for (let at = 0; at < pixels; at++) variant[at] = clip(image[at]! + scale * step[at]!, 0, 1);
  }
  const signs = (await victim.decisions(example, variants)).map((fooled) => (fooled ? 1 : -1));
  const mean = signs.reduce<number>((sum, sign) => sum + sign, 0) / draws;
  const direction = new Float64Array(pixels);
  for (const [draw, variant] of variants.entries()) {
    const weight = Math.abs(mean) === 1 ? mean : signs[draw]! - mean;
    // What the box has left of the step.
    for (let at = 0; at < pixels; at++) direction[at]! += weight * (variant[at]! - image[at]!);
  }
  return scaledTo(1, direction);
}

function drawInto(vector: Float64Array, norm: MinimisedNorm, random: Random): void {
  for (let at = 0; at < vector.length; at++) vector[at] = norm === 'l2' ? random.normal() : 2 * random.uniform() - 1;
}
