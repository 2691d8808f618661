import { grad, mul, sum, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { startEngine } from '@retort/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitInput } from './fit-input.js';

beforeAll(() => startEngine({ force: 'wasm' }));

const plain = { scale: 1, offset: 0, layout: 'channels_last' } as const;
/** Two pixels of three channels. */
const images = [0, 0.25, 0.5, 0.75, 1, 0.5];

const fitted = (input: Parameters<typeof fitInput>[1], wanted: (number | null)[] | undefined) =>
  tidy(() => {
    const output = fitInput([1, 2, 3], input, wanted)(tensor(images, [1, 1, 2, 3]));
    return { shape: output.shape, values: [...output.dataSync()] };
  });

it.each([undefined, [1, 2, 3], [null, null, 3]])('leaves images as they are for a net of %j', (wanted) => {
  expect(fitted(plain, wanted)).toEqual({ shape: [1, 1, 2, 3], values: images });
});

it('multiplies and adds, alike or channel by channel', () => {
  const alike = fitted({ ...plain, scale: 4, offset: -1 }, undefined);
  expect(alike.values).toEqual([-1, 0, 1, 2, 3, 1]);
  const apart = fitted({ ...plain, scale: [1, 2, 4], offset: [0, 1, -1] }, undefined);
  expect(apart.values).toEqual([0, 1.5, 1, 0.75, 3, 1]);
});

it('puts the channels first', () => {
  const first = fitted({ ...plain, layout: 'channels_first' }, [3, 1, 2]);
  expect(first).toEqual({ shape: [1, 3, 1, 2], values: [0, 0.75, 0.25, 1, 0.5, 0.5] });
});

it('gives pixels in one row, and leaves out an axis of length 1', () => {
  expect(fitted(plain, [6])).toEqual({ shape: [1, 6], values: images });
  expect(fitted(plain, [2, 3])).toEqual({ shape: [1, 2, 3], values: images });
});

it('carries the gradient back through all of it', () => {
  const gradient = tidy(() => {
    const fit = fitInput([1, 2, 3], { scale: [1, 2, 4], offset: 1, layout: 'channels_first' }, [3, 1, 2]);
    const weights = tensor([1, 2, 3, 4, 5, 6], [1, 3, 1, 2]);
    return grad((batch: Tensor) => sum(mul(fit(batch), weights)))(tensor(images, [1, 1, 2, 3])).dataSync();
  });
  expect([...gradient]).toEqual([1, 6, 20, 2, 8, 24]);
});

describe('refuses', () => {
  it.each<[string, Partial<Parameters<typeof fitInput>[1]>, number[], string]>([
    ['a scale of 0', { scale: 0 }, [1, 2, 3], 'hide the pixels'],
    ['a number too few', { offset: [1, 2] }, [1, 2, 3], 'offset has 2 numbers, where the images have 3 channels'],
    ['another shape', {}, [3, 2], 'takes inputs of [3, 2], but the images of the dataset are [1, 2, 3]'],
  ])('%s', (_, input, wanted, says) => {
    expect(() => fitInput([1, 2, 3], { ...plain, ...input }, wanted)).toThrow(says);
  });
});
