import { fused, matMul } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { expectAgreement, wave, withGradients } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

/** `[rows, inner, columns]`: the first is small, the second large enough for a call for each matrix of a batch. */
const SIZES: [number, number, number][] = [
  [3, 4, 5],
  [33, 40, 31],
];
const TRANSPOSES: [boolean, boolean][] = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];
/** The batches of the two factors. */
const BATCHES: [number[], number[]][] = [
  [[], []],
  [[1], [1]],
  [[3], [3]],
  [[3], [1]],
  [[1], [3]],
  [[3], []],
  [
    [2, 2],
    [2, 2],
  ],
];

const CASES = SIZES.flatMap((size) =>
  TRANSPOSES.flatMap((transposes) => BATCHES.map((batches) => ({ size, transposes, batches }))),
);

describe('the matrix product', () => {
  it.each(CASES)('$size, transposed $transposes, batches $batches', async ({ size, transposes, batches }) => {
    const [rows, inner, columns] = size;
    const [transposeA, transposeB] = transposes;
    const a = wave([...batches[0], ...(transposeA ? [inner, rows] : [rows, inner])]);
    const b = wave([...batches[1], ...(transposeB ? [columns, inner] : [inner, columns])], 0.3);
    await expectAgreement([a, b], (x, y) => matMul(x, y, transposeA, transposeB));
  });

  it.each(TRANSPOSES)('has gradients, transposed %j %j', async (transposeA, transposeB) => {
    const a = wave(transposeA ? [2, 7, 5] : [2, 5, 7]);
    const b = wave(transposeB ? [2, 3, 7] : [2, 7, 3], 0.3);
    await expectAgreement(
      [a, b],
      withGradients((x, y) => matMul(x, y, transposeA, transposeB)),
    );
  });

  it.each(TRANSPOSES)(
    'may be fused with a bias and an activation, transposed %j %j',
    async (transposeA, transposeB) => {
      const a = wave(transposeA ? [7, 5] : [5, 7]);
      const b = wave(transposeB ? [3, 7] : [7, 3], 0.3);
      await expectAgreement([a, b, wave([3])], (x, y, bias) =>
        fused.matMul({ a: x, b: y, bias, transposeA, transposeB, activation: 'relu' }),
      );
    },
  );
});
