import type { Random } from '@retort/random';
import type { Grid } from './square-search.js';

/** The shares of noise that are tried in turn. */
const SHARES = [1, 0.75, 0.5, 0.25];

/**
 * An image with uniform noise blended into it.
 *
 * The first tries are of noise that is drawn for each pixel value alone, later ones of cells of random size too, since a
 * net may take all noise of one grain for one class.
 *
 * @param attempt which try it is, from 0
 */
export function blendedNoise(original: Float32Array, grid: Grid, attempt: number, random: Random): Float32Array {
  const share = SHARES[attempt % SHARES.length]!;
  const sizes = 1 + Math.floor(Math.log2(Math.max(grid.height, grid.width)));
  const noise = cells(grid, attempt < SHARES.length ? 1 : 2 ** random.below(sizes), random);
  return original.map((pixel, at) => pixel + share * (noise[at]! - pixel));
}

/** Square cells of that side, each with a random value a channel. */
function cells({ height, width, channels }: Grid, side: number, random: Random): Float32Array {
  const across = Math.ceil(width / side);
  const values = Float32Array.from({ length: Math.ceil(height / side) * across * channels }, () => random.uniform());
  return Float32Array.from({ length: height * width * channels }, (_, at) => {
    const pixel = Math.floor(at / channels);
    const row = Math.floor(pixel / width / side);
    const column = Math.floor((pixel % width) / side);
    return values[(row * across + column) * channels + (at % channels)]!;
  });
}
