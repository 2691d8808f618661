import { gather, setBackend, sum, tensor, tidy, unsortedSegmentSum, type Tensor1D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { computedOn, expectAgreement, of, wave, withGradients } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

describe('the sum over axes', () => {
  const axes = [undefined, 0, 1, 2, -3, [0, 1], [1, 0], [0, 2], [1, 2], [0, 1, 2]];
  it.each(axes.flatMap((axis) => [true, false].map((keepDims) => ({ axis, keepDims }))))(
    'axes $axis, dimensions kept: $keepDims',
    async ({ axis, keepDims }) => {
      await expectAgreement(
        [wave([3, 4, 5])],
        withGradients((x) => sum(x, axis, keepDims)),
      );
    },
  );

  it.each([
    [7, 1],
    [9, 4],
    [6, 11],
    [1, 16],
  ])('of %i rows of %i values', async (rows, columns) => {
    await expectAgreement([wave([rows, columns])], (x) => sum(x, 0));
  });

  it.each(['int32', 'bool'] as const)('counts %s values in integers', async (dtype) => {
    await expectAgreement([of([2, 3], [1, 0, 1, 1, 1, 0], dtype)], (x) => sum(x, 0));
  });

  it('over many rows is exact to single precision', async () => {
    await setBackend('wasm');
    const rows = 100_000;
    const total = tidy(() => sum(tensor(new Float32Array(rows * 2).fill(0.1), [rows, 2]), 0).dataSync());
    // Added up one by one in single precision, it would be 9998.56.
    expect([...total]).toEqual([Math.fround(rows * Math.fround(0.1)), Math.fround(rows * Math.fround(0.1))]);
  });
});

describe('the sum of rows by segment', () => {
  it('leaves out rows whose segment does not exist', async () => {
    const segments = of([5], [2, 0, 2, 7, -1], 'int32');
    const [total] = await computedOn('wasm', [of([5, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), segments], (x, s) => [
      unsortedSegmentSum(x, s as Tensor1D, 4),
    ]);
    expect(total!.values).toEqual([3, 4, 0, 0, 6, 8, 0, 0]);
  });

  it('refuses integers, which it does not sum', async () => {
    const integers = [of([3], [1, 2, 3], 'int32'), of([3], [0, 1, 0], 'int32')];
    const summed = computedOn('wasm', integers, (x, s) => [unsortedSegmentSum(x, s as Tensor1D, 2)]);
    await expect(summed).rejects.toThrow(/takes float32 values .* not int32 values/);
  });

  it.each([0, 1])('is the gradient of gathering along axis %i', async (axis) => {
    await expectAgreement(
      [wave([3, 4])],
      withGradients((x) => gather(x, [2, 0, 2, 1], axis)),
    );
  });
});
