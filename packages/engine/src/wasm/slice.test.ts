import { backend, engine, getKernel, setBackend, slice, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { expectAgreement, of, wave, withGradients } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

describe('a slice', () => {
  it.each([
    [[7], [2], [3]],
    [[7], [0], [7]],
    [
      [4, 5],
      [1, 0],
      [2, 5],
    ],
    [
      [4, 5],
      [1, 2],
      [2, 2],
    ],
    [
      [4, 5],
      [0, 4],
      [4, 1],
    ],
    [
      [4, 5, 3],
      [1, 2, 0],
      [2, 3, 3],
    ],
    [
      [4, 5, 3],
      [1, 0, 1],
      [3, 5, 2],
    ],
    [
      [4, 5, 3, 2],
      [1, 2, 0, 1],
      [2, 3, 2, 1],
    ],
    [
      [4, 5, 3, 2],
      [3, 0, 0, 0],
      [1, 5, 3, 2],
    ],
    [
      [2, 3, 2, 3, 2],
      [1, 0, 0, 1, 0],
      [1, 3, 1, 2, 2],
    ],
    [
      [4, 5],
      [1, 2],
      [-1, -1],
    ],
    [
      [4, 5],
      [2, 1],
      [0, 3],
    ],
  ])('of the shape %j from %j, %j long', async (shape, begin, size) => {
    await expectAgreement([wave(shape)], (x) => slice(x, begin, size));
  });

  it.each(['int32', 'bool'] as const)('keeps the dtype %s', async (dtype) => {
    await expectAgreement([of([2, 3], [1, 0, 1, 1, 0, 0], dtype)], (x) => slice(x, [0, 1], [2, 2]));
  });

  it('keeps strings', async () => {
    await setBackend('wasm');
    const words = tensor(['a', 'b', 'c', 'd'], [2, 2]);
    expect(tidy(() => slice(words, [0, 1], [2, 1]).arraySync())).toEqual([['b'], ['d']]);
    words.dispose();
  });

  it('has a gradient', async () => {
    await expectAgreement(
      [wave([4, 5, 3])],
      withGradients((x) => slice(x, [1, 2, 0], [2, 3, 2])),
    );
  });

  it.each([
    [
      [3, 0],
      [2, 5],
    ],
    [
      [0, -1],
      [1, 2],
    ],
  ])('beyond the tensor is refused: from %j, %j long', async (begin, size) => {
    await expect(expectAgreement([wave([4, 5])], (x) => slice(x, begin, size))).rejects.toThrow(/begin|negative/);
  });
});

describe('a copy', () => {
  it.each(['Identity', 'Cast'])('by %s shares its memory until all its handles are disposed', async (name) => {
    await setBackend('wasm');
    const x = tensor([1, 2, 3]);
    const before = backend().numDataIds();
    const kernel = getKernel(name, 'wasm').kernelFunc;
    const copy = engine().makeTensorFromTensorInfo(
      [kernel({ inputs: { x }, attrs: { dtype: 'float32' }, backend: backend() })].flat()[0]!,
    );
    expect(copy.dataId).toBe(x.dataId);
    x.dispose();
    expect([...copy.dataSync()]).toEqual([1, 2, 3]);
    copy.dispose();
    expect(backend().numDataIds()).toBe(before - 1);
  });
});
