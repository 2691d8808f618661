import { depthwiseConv2d, setBackend, tensor, tidy, type Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { expectAgreement, runKernel, wave, withGradients } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

/** `[input, filter (its last number multiplies the channels), strides, pad]`. */
const CONVOLUTIONS: [number[], number[], number | [number, number], 'same' | 'valid' | number][] = [
  [[2, 7, 5, 1], [3, 3, 1, 1], 1, 'valid'],
  [[2, 7, 6, 3], [3, 3, 3, 1], 1, 'same'],
  [[2, 7, 6, 3], [3, 3, 3, 2], 2, 'same'],
  [[1, 9, 8, 4], [2, 3, 4, 3], 3, 'valid'],
  [[2, 6, 7, 2], [3, 3, 2, 1], 2, 1],
  [[1, 6, 5, 2], [3, 3, 2, 2], 1, 3],
];

describe('the gradients of a depthwise convolution', () => {
  it.each(CONVOLUTIONS)('input %j, filter %j, strides %j, pad %j', async (input, filter, strides, pad) => {
    await expectAgreement(
      [wave(input), wave(filter, 0.3)],
      withGradients((x, f) => depthwiseConv2d(x as Tensor4D, f as Tensor4D, strides, pad)),
    );
  });

  it.each(['DepthwiseConv2dNativeBackpropFilter', 'DepthwiseConv2dNativeBackpropInput'])(
    'are refused for dilations by %s',
    async (kernel) => {
      await setBackend('wasm');
      const attrs = { strides: 1, pad: 'valid', dilations: 2, filterShape: [3, 3, 2, 1], inputShape: [1, 7, 7, 2] };
      const [x, dy] = [tensor(new Float32Array(98), [1, 7, 7, 2]), tensor(new Float32Array(18), [1, 3, 3, 2])];
      const filter = tensor(new Float32Array(18), [3, 3, 2, 1]);
      expect(() => tidy(() => runKernel(kernel, { x, dy, filter }, attrs))).toThrow(
        /no gradient for dilations above 1/,
      );
    },
  );
});
