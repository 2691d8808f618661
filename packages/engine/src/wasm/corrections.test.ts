import { cast, clipByValue, gather, oneHot, where } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { computedOn, expectAgreement, of, wave, withGradients } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

describe('one-hot vectors', () => {
  it.each(['float32', 'int32', 'bool'] as const)('have the dtype %s', async (dtype) => {
    const places = of([4], [2, 0, 5, -1], 'int32');
    const [vectors] = await computedOn('wasm', [places], (x) => [oneHot(x, 3, 1, 0, dtype)]);
    expect(vectors).toEqual({ shape: [4, 3], dtype, values: [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0] });
  });

  it('hold any two values', async () => {
    await expectAgreement([of([2, 2], [0, 1, 2, 0], 'int32')], (x) => oneHot(x, 3, 0.9, 0.05, 'float32'));
  });
});

describe('a cast', () => {
  it.each([
    ['float32', [0, 0.5, -1, 256, NaN, -0]],
    ['int32', [0, 1, -1, 256, 512, 3]],
    ['bool', [0, 1, 1, 0, 1, 0]],
  ] as const)('from %s to bool is false for 0 alone', async (dtype, values) => {
    await expectAgreement([of([6], values, dtype)], (x) => cast(x, 'bool'));
  });

  it.each([
    ['float32', 'int32', [1.9, -1.9, 0, 7]],
    ['int32', 'float32', [1, -2, 0, 7]],
    ['bool', 'float32', [1, 0, 0, 1]],
    ['bool', 'int32', [1, 0, 0, 1]],
  ] as const)('from %s to %s keeps the whole part', async (from, to, values) => {
    await expectAgreement([of([4], values, from)], (x) => cast(x, to));
  });
});

describe('a selection', () => {
  const condition = of([2, 3], [1, 0, 1, 0, 0, 1], 'bool');

  it('of bool values touches no memory but its own', async () => {
    const [yes, no] = [of([2, 3], [1, 1, 1, 1, 1, 1], 'bool'), of([2, 3], [0, 0, 0, 0, 0, 0], 'bool')];
    await expectAgreement([condition, yes, no], (c, t, e) => where(c, t, e));
  });

  it.each(['float32', 'int32'] as const)('of %s values', async (dtype) => {
    const [yes, no] = [of([2, 3], [1, 2, 3, 4, 5, 6], dtype), of([2, 3], [-1, -2, -3, -4, -5, -6], dtype)];
    await expectAgreement([condition, yes, no], (c, t, e) => where(c, t, e));
  });
});

describe('clipping', () => {
  it('leaves NaN as it is', async () => {
    await expectAgreement([of([5], [NaN, -Infinity, Infinity, 0.5, 2])], (x) => clipByValue(x, 0, 1));
  });

  it('takes integers', async () => {
    await expectAgreement([of([4], [-3, 0, 2, 1], 'int32')], (x) => clipByValue(x, -1, 1));
  });

  it('has gradients within the bounds', async () => {
    await expectAgreement(
      [wave([3, 4])],
      withGradients((x) => clipByValue(x, -0.5, 0.5)),
    );
  });
});

describe('gathering', () => {
  it.each([
    [0, [5, 3, 4]],
    [1, [2, 5, 9]],
    [2, [2, 2, 5]],
  ])('copies the slices along axis %i in the order asked for, and as often', async (axis, shape) => {
    await expectAgreement([wave(shape), of([6], [4, 0, 0, 2, 4, 1], 'int32')], (x, places) => gather(x, places, axis));
  });

  it('takes for each example of a batch its own places', async () => {
    await expectAgreement([wave([3, 5]), of([3, 2], [2, 0, 1, 1, 4, 0], 'int32')], (x, places) =>
      gather(x, places, 1, 1),
    );
    await expectAgreement([wave([2, 3, 4]), of([2, 2], [2, 0, 1, 1], 'int32')], (x, places) => gather(x, places, 1, 1));
    await expectAgreement([wave([2, 3, 4]), of([2, 3], [2, 0, 3, 1, 1, 0], 'int32')], (x, places) =>
      gather(x, places, 2, 1),
    );
  });

  it('refuses a place that does not exist', async () => {
    const gathered = computedOn('wasm', [wave([2, 3]), of([2, 1], [0, 3], 'int32')], (x, places) => [
      gather(x, places, 1, 1),
    ]);
    await expect(gathered).rejects.toThrow('GatherV2: the place 3 is not in [0, 3)');
  });
});
