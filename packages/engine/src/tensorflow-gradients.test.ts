import '@tensorflow/tfjs-backend-cpu';
import {
  engine,
  getKernel,
  maxPool,
  MaxPoolGrad,
  memory,
  registerKernel,
  setBackend,
  tensor1d,
  tensor4d,
  tidy,
  unregisterKernel,
  type NamedAttrMap,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { installedEngine } from './install/engines-folder.js';
import { startEngine } from './start-engine.js';
import { registerMaxPoolGradient } from './tensorflow-gradients.js';

const images = Float32Array.from({ length: 2 * 6 * 6 * 3 }, (_, at) => 2 * Math.sin(at * at));
const gradient = Float32Array.from({ length: 2 * 3 * 3 * 3 }, (_, at) => Math.cos(at));

function pooled(values: Float32Array): Tensor {
  return maxPool(tensor4d(values, [2, 6, 6, 3]), 2, 2, 'valid');
}

function poolGradient(values: Float32Array): number[] {
  return tidy(() => {
    const inputs = {
      dy: tensor4d(gradient, [2, 3, 3, 3]),
      input: tensor4d(values, [2, 6, 6, 3]),
      output: pooled(values),
    };
    const attrs = { filterSize: 2, strides: 2, pad: 'valid' } as unknown as NamedAttrMap;
    return Array.from(engine().runKernel<Tensor>(MaxPoolGrad, inputs, attrs).dataSync());
  });
}

/** Each gradient at the first of its window's largest values. */
function expectedGradient(values: Float32Array): number[] {
  const expected = Array.from(values, () => 0);
  gradient.forEach((slope, at) => {
    const [channel, column, row] = [at % 3, Math.floor(at / 3) % 3, Math.floor(at / 9)];
    const window = [0, 1, 6, 7].map((place) => (12 * row + 2 * column + place) * 3 + channel);
    const largest = Math.max(...window.map((place) => values[place]!));
    expected[window.find((place) => values[place] === largest)!] = slope;
  });
  return expected;
}

describe('max pooling as a dilation', () => {
  it('has the gradient of max pooling, and leaves no tensor behind', async () => {
    await setBackend('cpu');
    const original = getKernel(MaxPoolGrad, 'cpu');
    const before = poolGradient(images);
    const tensors = memory().numTensors;
    registerMaxPoolGradient('cpu');
    try {
      expect(poolGradient(images)).toEqual(before);
      expect(before).toEqual(expectedGradient(images));
      expect(memory().numTensors).toBe(tensors);
    } finally {
      unregisterKernel(MaxPoolGrad, 'cpu');
      registerKernel(original);
    }
  });

  it('wants a backend that has one', () => {
    expect(() => registerMaxPoolGradient('none')).toThrow('the backend none has no kernel MaxPoolGrad');
  });
});

const missing = installedEngine('tfjs-node') ? '' : ' (not here: `npx retort engine install tfjs-node` gets it)';

describe.skipIf(missing !== '')(`the gradients of tfjs-node${missing}`, () => {
  it('give that of max pooling to the first of equal values', async () => {
    await startEngine({ force: 'tfjs-node' });
    const equal = images.map((value) => Math.max(0, Math.round(value)));
    for (const values of [images, equal]) expect(poolGradient(values)).toEqual(expectedGradient(values));
  });

  it('have one kernel for that of a ReLU', async () => {
    await startEngine({ force: 'tfjs-node' });
    const [dy, y] = [tensor1d([1, -2, 3, -4, 5]), tensor1d([0, 0, 1e-20, 2, Infinity])];
    const tensors = memory().numTensors;
    tidy(() => {
      const slope = engine().runKernel<Tensor>('ReluGrad', { dy, y });
      expect(Array.from(slope.dataSync(), (value) => value + 0)).toEqual([0, 0, 3, -4, 5]);
    });
    expect(memory().numTensors).toBe(tensors);
  });
});
