import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { computedOn, relativeError, TOLERANCE, wave } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

/** `[input, filter, stride, padding on every side]` of a convolution of one image. */
const CONVOLUTIONS: [[number, number, number], [number, number, number, number], number, number][] = [
  [[6, 7, 1], [3, 3, 1, 2], 2, 1],
  [[6, 7, 1], [4, 4, 1, 2], 1, 0],
  [[7, 5, 8], [3, 3, 8, 2], 2, 1],
  [[5, 5, 8], [3, 3, 8, 2], 1, 1],
];

describe('the gradients of a convolution and a sigmoid', () => {
  it.each(CONVOLUTIONS)('input %j, filter %j, stride %i, pad %i', async (input, filter, stride, pad) => {
    const [x, w] = [wave([1, ...input]), wave(filter, 0.3)];
    const loss = (image: tf.Tensor, weights: tf.Tensor): tf.Scalar =>
      tf.sum(tf.sigmoid(tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, stride, pad)));
    const [byImage, byWeights] = await computedOn('wasm', [x, w], (...tensors) => tf.grads(loss)(tensors));

    const known = (image: readonly number[], weights: readonly number[]): number =>
      convolved(image, weights, input, filter, stride, pad).reduce((sum, y) => sum + 1 / (1 + Math.exp(-y)), 0);
    const differencesByImage = differences((image) => known(image, w.values), x.values);
    const differencesByWeights = differences((weights) => known(x.values, weights), w.values);
    expect(relativeError(byImage!.values, differencesByImage)).toBeLessThanOrEqual(TOLERANCE);
    expect(relativeError(byWeights!.values, differencesByWeights)).toBeLessThanOrEqual(TOLERANCE);
  });
});

/** Central differences of fourth order, in double precision. */
function differences(f: (at: readonly number[]) => number, at: readonly number[], h = 1e-3): number[] {
  return at.map((_, index) => {
    const moved = (by: number): number => f(at.with(index, at[index]! + by));
    return (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
  });
}

/** A convolution by its definition, in double precision. */
function convolved(
  image: readonly number[],
  weights: readonly number[],
  [height, width, channels]: readonly [number, number, number],
  [rows, columns, , outputs]: readonly [number, number, number, number],
  stride: number,
  pad: number,
): number[] {
  const result: number[] = [];
  for (let top = -pad; top + rows <= height + pad; top += stride) {
    for (let left = -pad; left + columns <= width + pad; left += stride) {
      for (let output = 0; output < outputs; output++) {
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const [y, x] = [top + row, left + column];
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            for (let channel = 0; channel < channels; channel++) {
              const pixel = image[(y * width + x) * channels + channel]!;
              sum += pixel * weights[((row * columns + column) * channels + channel) * outputs + output]!;
            }
          }
        }
        result.push(sum);
      }
    }
  }
  return result;
}
