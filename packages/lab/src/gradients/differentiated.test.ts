import '@tensorflow/tfjs';
import { grad, memory, mul, setBackend, square, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { differentiated } from './differentiated.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const x = () => tensor1d([1, 2, 3]);

describe('work that takes gradients', () => {
  it('leaves no tensors behind where it fails in the middle, and works after that', () => {
    const before = memory().numTensors;
    const failing = (input: Tensor): Tensor => {
      mul(square(input), input);
      throw new Error('no room');
    };
    expect(() => tidy(() => differentiated(() => grad(failing)(x())))).toThrow('no room');
    expect(memory().numTensors).toBe(before);
    const found = tidy(() => differentiated(() => grad((input) => square(input))(x())).dataSync());
    expect([...found]).toEqual([2, 4, 6]);
    expect(memory().numTensors).toBe(before);
  });

  it('leaves to the outermost what was kept for it', () => {
    const before = memory().numTensors;
    const found = tidy(() =>
      differentiated(() =>
        grad((input) => {
          const squared = square(input);
          expect(() =>
            differentiated(() =>
              grad(() => {
                throw new Error('no room');
              })(input),
            ),
          ).toThrow('no room');
          return squared;
        })(x()),
      ).dataSync(),
    );
    expect([...found]).toEqual([2, 4, 6]);
    expect(memory().numTensors).toBe(before);
  });
});
