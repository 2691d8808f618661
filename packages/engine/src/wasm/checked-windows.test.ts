import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { computedOn, expectAgreement, wave } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

const [images, filter, taps] = [wave([1, 6, 7, 2]), wave([3, 2, 2, 2], 0.3), wave([3, 2, 2, 1], 0.3)];

/** Windows that are not square, with one number for the padding of all sides. */
const MISTAKEN: Record<string, () => Promise<unknown>> = {
  conv2d: () => computedOn('wasm', [images, filter], (x, f) => [tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 0)]),
  depthwiseConv2d: () =>
    computedOn('wasm', [images, taps], (x, f) => [tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 0)]),
  'fused.conv2d': () =>
    computedOn('wasm', [images, filter], (x, f) => [
      tf.fused.conv2d({ x: x as tf.Tensor4D, filter: f as tf.Tensor4D, strides: 1, pad: 0 }),
    ]),
  'fused.depthwiseConv2d': () =>
    computedOn('wasm', [images, taps], (x, f) => [
      tf.fused.depthwiseConv2d({ x: x as tf.Tensor4D, filter: f as tf.Tensor4D, strides: 1, pad: 0 }),
    ]),
  maxPool: () => computedOn('wasm', [images], (x) => [tf.maxPool(x as tf.Tensor4D, [3, 2], 1, 0)]),
  avgPool: () => computedOn('wasm', [images], (x) => [tf.avgPool(x as tf.Tensor4D, [3, 2], 1, 0)]),
};

describe('a window whose output TensorFlow.js takes for too small', () => {
  it.each(Object.entries(MISTAKEN))('is refused by %s', async (_, compute) => {
    await expect(compute()).rejects.toThrow(
      "TensorFlow.js takes the output for 4x5, where it is 4x6; give the padding of each side, or 'same' or 'valid'",
    );
  });
});

describe('a window whose output is right', () => {
  it.each([
    [1, 'same'],
    [2, 'valid'],
    [
      1,
      [
        [0, 0],
        [0, 0],
        [1, 1],
        [0, 0],
      ],
    ],
  ] as [number, tf.backend_util.ExplicitPadding][])('is let through, strides %j, pad %j', async (strides, pad) => {
    await expectAgreement([images, filter], (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, strides, pad));
  });

  it('may be dilated', async () => {
    await expectAgreement([images, filter], (x, f) =>
      tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'same', 'NHWC', [2, 3]),
    );
    await expectAgreement([images, taps], (x, f) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'same', 'NHWC', [2, 3]),
    );
  });

  it('may be fused with a bias and an activation', async () => {
    await expectAgreement([images, filter, wave([2])], (x, f, bias) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: f as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias,
        activation: 'relu',
      }),
    );
  });
});
