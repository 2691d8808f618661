import { grad, maxPool, setBackend, tensor4d, tidy, type Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { expectAgreement, of, wave, withGradients } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

/** `[input, window, strides, pad]`. */
const POOLS: [number[], number | [number, number], number | [number, number], 'same' | 'valid' | number][] = [
  [[2, 6, 8, 3], 2, 2, 'valid'],
  [[2, 4, 6, 9], 2, 2, 'same'],
  [[1, 4, 2, 16], 2, 2, 'valid'],
  [[2, 7, 5, 3], 2, 2, 'valid'],
  [[2, 7, 5, 3], 2, 2, 'same'],
  [[1, 7, 6, 4], 3, 1, 'same'],
  [[1, 7, 6, 4], 3, 2, 'same'],
  [[1, 7, 6, 1], 2, 3, 'valid'],
  [[2, 7, 6, 2], [3, 2], [1, 2], 'same'],
  [[2, 7, 7, 2], 3, 2, 1],
  [[1, 3, 3, 2], 3, 3, 'valid'],
  [[2, 5, 5, 7], 3, 2, 'same'],
];

describe('the gradient of max pooling', () => {
  it.each(POOLS)('input %j, window %j, strides %j, pad %j', async (input, window, strides, pad) => {
    await expectAgreement(
      [wave(input)],
      withGradients((x) => maxPool(x as Tensor4D, window, strides, pad)),
    );
  });

  it('goes to the first of equal values, row by row', async () => {
    await setBackend('wasm');
    const gradient = tidy(() => {
      const x = tensor4d([1, 5, 5, 5, 0, 0, 0, 0], [1, 2, 4, 1]);
      return grad((input) => maxPool(input as Tensor4D, 2, 2, 'valid'))(x).dataSync();
    });
    expect([...gradient]).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
  });

  it('passes over NaN, and goes nowhere where a window holds nothing else', async () => {
    const x = of([1, 2, 4, 1], [NaN, 1, NaN, NaN, 2, 0, NaN, NaN]);
    await expectAgreement([x], (input) => grad((i) => maxPool(i as Tensor4D, 2, 2, 'valid'))(input));
  });
});
