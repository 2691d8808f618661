import '@tensorflow/tfjs';
import {
  add,
  conv2d,
  grads,
  matMul,
  memory,
  relu,
  setBackend,
  square,
  tensor,
  tidy,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedConnection, fusedConvolution } from './fused-layers.js';

beforeAll(async () => {
  await setBackend('cpu');
});

type Layer = (...inputs: Tensor[]) => Tensor;

/** Values of both signs, so that a ReLU lets some through and some not. */
function wave(shape: number[], scale: number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(
    Float32Array.from({ length: count }, (_, at) => scale * Math.sin(1 + 7 * at)),
    shape,
  );
}

/** What a layer gives, and the gradients of something that depends on it by all its inputs. */
function passes(layer: Layer, shapes: number[][]): Float32Array[] {
  return tidy(() => {
    const inputs = shapes.map((shape, at) => wave(shape, 1 / (at + 1)));
    const gradients = grads((...given: Tensor[]) => square(layer(...given)))(inputs);
    return [layer(...inputs), ...gradients].map((values) => values.dataSync<'float32'>());
  });
}

describe('a fused convolution', () => {
  it.each([
    [1, 'same', 'relu'],
    [2, 'valid', 'relu'],
    [2, 'same', 'linear'],
  ] as const)('is what its parts give, with its gradients: stride %i, %s, %s', (stride, padding, activation) => {
    const shapes = [[2, 6, 5, 3], [3, 3, 3, 4], [4]];
    const before = memory().numTensors;
    const fused = passes(
      (x, filter, bias) =>
        fusedConvolution({ x: x as Tensor4D, filter: filter as Tensor4D, bias: bias }, { stride, padding, activation }),
      shapes,
    );
    const apart = passes((x, filter, bias) => {
      const sum = add(conv2d(x as Tensor4D, filter as Tensor4D, stride, padding), bias);
      return activation === 'relu' ? relu(sum) : sum;
    }, shapes);
    expectEqual(fused, apart);
    expect(memory().numTensors).toBe(before);
  });
});

describe('a fused connection', () => {
  it('is what its parts give, with its gradients', () => {
    const shapes = [[3, 5], [5, 4], [4]];
    const fused = passes((a, b, bias) => fusedConnection({ a: a as Tensor2D, b: b as Tensor2D, bias: bias }), shapes);
    expectEqual(
      fused,
      passes((a, b, bias) => relu(add(matMul(a as Tensor2D, b as Tensor2D), bias)), shapes),
    );
  });
});

function expectEqual(found: Float32Array[], expected: Float32Array[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((values, which) => {
    expect(values.some((value) => value !== 0)).toBe(true);
    values.forEach((value, at) => expect(value).toBeCloseTo(expected[which]![at]!, 5));
  });
}
