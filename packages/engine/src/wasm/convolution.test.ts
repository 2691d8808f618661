import { conv2d, setBackend, tensor, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { expectAgreement, runKernel, wave, withGradients } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

type Strides = number | [number, number];
type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
const explicit = (top: number, bottom: number, left: number, right: number): Pad => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

/** `[input, filter, strides, pad]`. Few channels take the way of matrix products, many that of a convolution. */
const CONVOLUTIONS: [number[], number[], Strides, Pad][] = [
  [[2, 7, 5, 1], [3, 3, 1, 4], 1, 'valid'],
  [[2, 7, 5, 1], [3, 3, 1, 4], 2, 'same'],
  [[2, 8, 8, 2], [3, 3, 2, 3], 2, 'valid'],
  [[2, 8, 9, 3], [2, 3, 3, 5], 3, 'same'],
  [[1, 9, 8, 3], [4, 2, 3, 5], [1, 2], 'same'],
  [[1, 9, 8, 4], [3, 5, 4, 1], [3, 2], 'valid'],
  [[2, 7, 7, 4], [3, 3, 4, 6], 1, 'same'],
  [[2, 6, 7, 4], [5, 5, 4, 2], 1, 2],
  [[2, 6, 7, 5], [3, 2, 5, 2], 1, explicit(1, 2, 0, 1)],
  [[2, 6, 7, 2], [3, 2, 2, 2], 2, explicit(0, 1, 1, 0)],
  [[1, 6, 5, 4], [3, 3, 4, 2], 1, explicit(3, 4, 0, 3)],
  [[2, 7, 6, 9], [3, 3, 9, 4], 1, 'same'],
  [[2, 7, 6, 9], [3, 3, 9, 4], 2, 'same'],
  [[2, 8, 9, 8], [3, 3, 8, 4], 2, 'valid'],
  [[1, 11, 10, 8], [2, 4, 8, 3], 3, 'valid'],
  [[2, 9, 8, 10], [3, 3, 10, 2], [1, 2], 'same'],
  [[2, 7, 8, 8], [1, 1, 8, 3], 1, 'valid'],
  [[2, 7, 8, 8], [1, 1, 8, 3], 2, 'valid'],
  [[2, 6, 7, 8], [3, 2, 8, 2], 2, explicit(1, 2, 0, 3)],
  [[1, 6, 5, 8], [3, 3, 8, 2], 1, explicit(3, 4, 0, 3)],
  [[1, 3, 3, 1], [5, 5, 1, 2], 1, 'same'],
  [[1, 3, 3, 8], [3, 3, 8, 2], 1, 'valid'],
  [[3, 66, 66, 1], [3, 3, 1, 2], 1, 'valid'],
];

describe('the gradients of a convolution', () => {
  it.each(CONVOLUTIONS)('input %j, filter %j, strides %j, pad %j', async (input, filter, strides, pad) => {
    await expectAgreement(
      [wave(input), wave(filter, 0.3)],
      withGradients((x, f) => conv2d(x as Tensor4D, f as Tensor4D, strides, pad)),
    );
  });

  it('are refused for dilations, which TensorFlow.js does not differentiate', async () => {
    await setBackend('wasm');
    const dilated = (x: Tensor, f: Tensor): Tensor => conv2d(x as Tensor4D, f as Tensor4D, 1, 'valid', 'NHWC', 2);
    const [x, f] = [wave([1, 7, 7, 2]), wave([3, 3, 2, 2])];
    await expect(expectAgreement([x, f], withGradients(dilated))).rejects.toThrow(/dilation rates greater than 1/);
  });

  it.each(['Conv2DBackpropFilter', 'Conv2DBackpropInput'])('are refused in the layout NCHW by %s', async (kernel) => {
    await setBackend('wasm');
    const attrs = { strides: 1, pad: 'valid', dataFormat: 'NCHW', filterShape: [3, 3, 2, 2], inputShape: [1, 2, 7, 7] };
    const [x, dy, filter] = [
      tensor(new Float32Array(98), [1, 2, 7, 7]),
      tensor([0]),
      tensor(new Float32Array(36), [3, 3, 2, 2]),
    ];
    expect(() => tidy(() => runKernel(kernel, { x, dy, filter }, attrs))).toThrow(/in the layout NHWC, not NCHW/);
  });
});
