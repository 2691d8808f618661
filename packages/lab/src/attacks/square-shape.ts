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
  const shape = new Float64Array(height * width);
  if (acrossRows) {
    const half = Math.floor(height / 2);
    addHill(shape, width, { row: 0, column: 0, height: half, width }, -1);
    addHill(shape, width, { row: half, column: 0, height: height - half, width }, 1);
  } else {
    const half = Math.floor(width / 2);
    addHill(shape, width, { row: 0, column: 0, height, width: half }, -1);
    addHill(shape, width, { row: 0, column: half, height, width: width - half }, 1);
  }
  return scaledTo(1, shape);
}

/**
 * A hill of nested rectangles around the middle of `height x width` pixels: the sum of 1 / m² from m = d + 1 to n + 1,
 * where d is the number of pixels to the middle (Chebyshev) and n half of the longer side.
 *
 * @param columns that the whole shape has
 * @param direction 1, or -1 for a hollow
 */
function addHill(
  shape: Float64Array,
  columns: number,
  part: { row: number; column: number; height: number; width: number },
  direction: 1 | -1,
): void {
  const { height, width } = part;
  const heights = new Float64Array(Math.floor(Math.max(height, width) / 2) + 2);
  for (let away = heights.length - 2; away >= 0; away--) heights[away] = heights[away + 1]! + 1 / (away + 1) ** 2;
  const [middleRow, middleColumn] = [Math.floor(height / 2), Math.floor(width / 2)];
  for (let row = 0; row < height; row++) {
    const first = (part.row + row) * columns + part.column;
    for (let column = 0; column < width; column++) {
      const away = Math.max(Math.abs(row - middleRow), Math.abs(column - middleColumn));
      shape[first + column] = direction * heights[away]!;
    }
  }
}
