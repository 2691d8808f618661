import type { Random } from '@retort/random';
import { scaledTo } from './norm-ball.js';

/**
 * The shape that the Square attack adds in L2: one half a hill, the other half a hollow, split across a random axis.
 *
 * Andriushchenko et al. 2020, arXiv 1912.00049, section 3.3. One pixel, which has no halves, is a hill.
 *
 * @returns `height x width` numbers of Euclidean length 1, row after row
 */
export function squareShape(height: number, width: number, random: Random): Float64Array {
  const turned = random.below(2) === 0;
  const acrossRows = height === 1 || width === 1 ? height >= width : turned;
  const half = Math.floor((acrossRows ? height : width) / 2);
  const shape = Float64Array.from({ length: height * width }, (_, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    if (acrossRows) {
      return row < half ? -hill(half, width, row, column) : hill(height - half, width, row - half, column);
    }
    return column < half ? -hill(height, half, row, column) : hill(height, width - half, row, column - half);
  });
  return scaledTo(1, shape);
}

/**
 * A hill of nested rectangles around the middle of `height x width` pixels: the sum of 1 / m² from m = d + 1 to n + 1,
 * where d is the number of pixels to the middle (Chebyshev) and n half of the longer side.
 */
function hill(height: number, width: number, row: number, column: number): number {
  const away = Math.max(Math.abs(row - Math.floor(height / 2)), Math.abs(column - Math.floor(width / 2)));
  let sum = 0;
  for (let m = away + 1; m <= Math.floor(Math.max(height, width) / 2) + 1; m++) sum += 1 / m ** 2;
  return sum;
}
