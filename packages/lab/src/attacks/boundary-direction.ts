import type { MinimisedNorm } from '@retort/contracts';
import type { Random } from '@retort/random';
import type { Example } from './example.js';
import { scaledTo } from './norm-ball.js';
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
  const variants = Array.from({ length: draws }, () => {
    const step = scaledTo(length, randomVector(norm, image.length, random));
    return image.map((pixel, at) => Math.min(Math.max(pixel + step[at]!, 0), 1));
  });
  const signs = (await victim.decisions(example, variants)).map((fooled) => (fooled ? 1 : -1));
  const mean = signs.reduce<number>((sum, sign) => sum + sign, 0) / draws;
  const direction = new Float64Array(image.length);
  variants.forEach((variant, draw) => {
    const weight = Math.abs(mean) === 1 ? mean : signs[draw]! - mean;
    // What the box has left of the step.
    for (const [at, pixel] of variant.entries()) direction[at]! += weight * (pixel - image[at]!);
  });
  return scaledTo(1, direction);
}

function randomVector(norm: MinimisedNorm, pixels: number, random: Random): Float64Array {
  return Float64Array.from({ length: pixels }, () => (norm === 'l2' ? random.normal() : 2 * random.uniform() - 1));
}
