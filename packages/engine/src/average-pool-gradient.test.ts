import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startEngine } from './start-engine.js';
import { computedOn, of, relativeError, TOLERANCE, wave } from './testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

/** `[height, width, window, stride, padding]` */
const POOLS: [number, number, [number, number], [number, number], 'same' | 'valid' | number][] = [
  [5, 4, [2, 2], [1, 1], 'same'],
  [7, 6, [2, 2], [2, 2], 'same'],
  [6, 7, [3, 2], [2, 1], 'same'],
  [6, 7, [3, 3], [2, 2], 1],
  [6, 7, [3, 2], [2, 1], 'valid'],
];

it.each(['wasm', 'cpu'].flatMap((backend) => POOLS.map((pool) => [backend, ...pool] as const)))(
  'on %s, of %i x %i pixels, window %j, stride %j, padding %s: the transpose of what the average is made of',
  async (backend, height, width, window, strides, pad) => {
    const [dy, gradient, jacobian] = await computedOn(backend, [wave([1, height, width, 1])], (x) => {
      const pool = (image: tf.Tensor) => tf.avgPool(image as tf.Tensor4D, window, strides, pad);
      const y = pool(x);
      const dy = tf.cos(tf.reshape(tf.range(0, y.size), y.shape));
      // Average pooling is linear: its value at each unit image is a column of its Jacobian.
      const units = tf.reshape(tf.eye(x.size), [x.size, height, width, 1]);
      return [dy, tf.grad((image: tf.Tensor) => tf.sum(tf.mul(pool(image), dy)))(x), pool(units)];
    });
    const outputs = dy!.values.length;
    const known = gradient!.values.map((_, pixel) =>
      dy!.values.reduce((sum, value, at) => sum + value * jacobian!.values[pixel * outputs + at]!, 0),
    );
    expect(relativeError(gradient!.values, known)).toBeLessThanOrEqual(TOLERANCE);
    // No window is empty: each average of ones is one.
    const [ones] = await computedOn(
      backend,
      [of([1, height, width, 1], Array<number>(height * width).fill(1))],
      (x) => [tf.avgPool(x as tf.Tensor4D, window, strides, pad)],
    );
    expect(
      relativeError(
        ones!.values,
        ones!.values.map(() => 1),
      ),
    ).toBeLessThanOrEqual(TOLERANCE);
  },
);
