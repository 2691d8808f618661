import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  add,
  backend,
  concat,
  conv2d,
  conv2dTranspose,
  fused,
  grad,
  relu,
  setBackend,
  slice,
  type Tensor,
  type Tensor4D,
  zeros,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { computedOn, expectAgreement, of, wave, type Values } from '../testing/agreement.js';
import { convolutionOf } from './convolution.js';
import { KernelScope } from './kernel.js';
import { addFilterGradientSparsely, slideSparsely } from './sparse.js';
import { windowOf } from './window.js';

beforeAll(() => startEngine({ force: 'wasm' }));

type Shape = [number, number, number, number];

/** Waves of which about one value in five is left. */
function sparse(shape: readonly number[], phase = 0): Values {
  const values = wave(shape, phase).values.map((value, index) => (Math.sin(5.3 * index + phase) > 0.8 ? value : 0));
  return of(shape, values);
}

/** `[input, filter, strides, pad]`: odd numbers, panels that are full and not, windows that leave the images and do not. */
const CONVOLUTIONS: [Shape, Shape, number, 'same' | 'valid'][] = [
  [[3, 8, 7, 16], [3, 3, 16, 16], 1, 'valid'],
  [[4, 7, 6, 16], [5, 5, 16, 21], 1, 'same'],
  [[2, 9, 9, 9], [3, 3, 9, 33], 2, 'same'],
  [[3, 9, 8, 32], [2, 4, 32, 11], 3, 'valid'],
  [[2, 6, 131, 16], [3, 3, 16, 8], 1, 'same'],
  [[2, 4, 4, 16], [6, 6, 16, 20], 1, 'same'],
];

describe('what is computed of values that are mostly zeros', () => {
  const outShape = (input: Shape, filter: Shape, strides: number, pad: 'same' | 'valid') =>
    convolutionOf('Conv2D', input, filter, { strides, pad }).outShape;
  const afterFirst = (x: Tensor) => slice(x, [1, 0, 0, 0], [-1, -1, -1, -1]);
  const firstOf = (x: Tensor) => slice(x, [0, 0, 0, 0], [1, -1, -1, -1]);
  const filterGradient = (x: Tensor, filter: Tensor, dy: Tensor, strides: number, pad: 'same' | 'valid') =>
    grad((f) => conv2d(x as Tensor4D, f as Tensor4D, strides, pad))(filter, dy);

  it.each(CONVOLUTIONS)(
    'agrees with plain JavaScript: %j with %j, strides %j, pad %j',
    async (input, filter, strides, pad) => {
      const dy = sparse(outShape(input, filter, strides, pad), 0.4);
      await expectAgreement([sparse(input), wave(input), wave(filter, 0.3), dy], (few, many, f, gradient) => [
        conv2d(few as Tensor4D, f as Tensor4D, strides, pad),
        conv2dTranspose(gradient as Tensor4D, f as Tensor4D, input, strides, pad),
        filterGradient(many, f, gradient, strides, pad),
      ]);
    },
  );

  it.each(CONVOLUTIONS)(
    'has the bits that it has behind an image without zeros: %j with %j, strides %j, pad %j',
    async (input, filter, strides, pad) => {
      const shape = outShape(input, filter, strides, pad);
      const longer: Shape = [input[0] + 1, input[1], input[2], input[3]];
      const inputs = [sparse(input), sparse(shape, 0.4), wave(input), wave(shape), wave(filter, 0.3)];
      const [alone, behind] = [
        await computedOn('wasm', inputs, (few, gradient, many, _, f) => [
          conv2d(few as Tensor4D, f as Tensor4D, strides, pad),
          conv2dTranspose(gradient as Tensor4D, f as Tensor4D, input, strides, pad),
          filterGradient(many, f, gradient, strides, pad),
        ]),
        await computedOn('wasm', inputs, (few, gradient, many, full, f) => {
          const gradients = concat([firstOf(full), gradient]) as Tensor4D;
          return [
            afterFirst(conv2d(concat([firstOf(many), few]) as Tensor4D, f as Tensor4D, strides, pad)),
            afterFirst(conv2dTranspose(gradients, f as Tensor4D, longer, strides, pad)),
            // The first image adds zeros to the gradient.
            filterGradient(concat([zeros([1, ...input.slice(1)]), many]), f, gradients, strides, pad),
          ];
        }),
      ];
      expect(alone).toEqual(behind);
    },
  );

  it.each([5, 16, 21])('may be fused with a bias and a ReLU, to %i channels, and gives the same bits', async (n) => {
    const inputs = [sparse([3, 7, 6, 16]), wave([3, 3, 16, n], 0.3), wave([n], 0.7)];
    const [apart, together] = await computedOn('wasm', inputs, (x, filter, bias) => {
      const window = { x: x as Tensor4D, filter: filter as Tensor4D, strides: 1, pad: 'same' } as const;
      return [
        relu(add(conv2d(window.x, window.filter, 1, 'same'), bias)),
        fused.conv2d({ ...window, bias, activation: 'relu' }),
      ];
    });
    expect(together).toEqual(apart);
  });

  it('sees NaN and infinity, in the values and in what they are multiplied with', async () => {
    const spoilt = (given: Values, ...at: number[]): Values =>
      of(
        given.shape,
        given.values.map((value, index) => [NaN, Infinity][at.indexOf(index)] ?? value),
      );
    const input: Shape = [2, 6, 5, 16];
    const filter = [3, 3, 16, 16];
    const shape = [2, 4, 3, 16];
    const [x, f, dy] = [wave(input), wave(filter, 0.3), sparse(shape)];
    for (const inputs of [
      [spoilt(x, 33, 700), f, dy],
      [x, spoilt(f, 40, 1900), dy],
      [x, f, spoilt(dy, 7, 300)],
    ]) {
      await expectAgreement(inputs, (images, weights, gradient) => [
        conv2dTranspose(gradient as Tensor4D, weights as Tensor4D, input, 1, 'valid'),
        filterGradient(images, weights, gradient, 1, 'valid'),
      ]);
    }
  });
});

describe('values are listed', () => {
  beforeAll(() => setBackend('wasm'));

  const convolution = convolutionOf('Conv2D', [3, 6, 6, 16], [3, 3, 16, 16], { strides: 1, pad: 'valid' });
  const few = sparse([1, 6, 6, 16]).values;
  const many = wave([1, 6, 6, 16]).values;

  /** How many images a window slides over that way, with these weights. */
  function slid(images: readonly (readonly number[])[], weight = 1): number {
    const count = images.length;
    return inScope((scope, heap) => {
      const weights = { address: heap(new Array<number>(144 * 16).fill(weight)), columns: 16, patch: 144 };
      const results = heap(new Array<number>(count * 256).fill(0));
      const target = { address: results, imageStep: 256, rowStep: 64, columnStep: 16 };
      const x = { address: heap(images.flat()), count, height: 6, width: 6, channels: 16 };
      return slideSparsely(scope, x, windowOf(convolution), weights, target, { bias: 0, relu: false });
    });
  }

  it('of images from the first on, as many at a time as the cache holds, until they are dense', () => {
    expect(slid([few, few, few])).toBe(3);
    expect(slid([many, few, few])).toBe(0);
    const [sparseOnes, denseOnes] = [few, many].map((image) => new Array<number[]>(113).fill(image as number[]));
    expect(slid([...sparseOnes!, ...sparseOnes!, few])).toBe(227);
    expect(slid([...sparseOnes!, ...denseOnes!])).toBe(113);
  });

  it('where the weights are finite', () => {
    for (const weight of [NaN, Infinity, -Infinity]) expect(slid([few, few, few], weight)).toBe(0);
  });

  it('of the gradient by the results, as far as it is sparse and the images finite', () => {
    const done = (gradients: readonly (readonly number[])[], last = 0): number =>
      inScope((scope, heap) => {
        const images = [...many, ...many, ...few.with(-1, last)];
        const x = { address: heap(images), count: 3, height: 6, width: 6, channels: 16 };
        const dy = { address: heap(gradients.flatMap((values) => values.slice(0, 256))), columns: 16 };
        return addFilterGradientSparsely(
          scope,
          x,
          windowOf(convolution),
          dy,
          heap(new Array<number>(144 * 16).fill(0)),
        );
      });
    expect(done([few, few, few])).toBe(3);
    expect(done([few, few, few], NaN)).toBe(2);
    expect(done([few, many, few])).toBe(1);
    expect(done([many, few, few])).toBe(0);
  });

  /** Runs with memory that is freed at the end. */
  function inScope(work: (scope: KernelScope, heap: (values: readonly number[]) => number) => number): number {
    let result = NaN;
    new KernelScope(backend() as BackendWasm).apart((scope) => {
      const heap = (values: readonly number[]): number => {
        const place = scope.allocate([values.length]);
        scope.values(place).set(values);
        return scope.address(place);
      };
      result = work(scope, heap);
    });
    return result;
  }
});
