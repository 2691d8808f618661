import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  add,
  concat,
  conv2d,
  fused,
  grad,
  matMul,
  relu,
  slice,
  square,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { computedOn, expectAgreement, of, wave, withGradients, type Values } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: 'wasm' }));

const folder = fileURLToPath(new URL('../../native/', import.meta.url));

describe('the binary', () => {
  it('has the hash that is written down', () => {
    const [hash] = readFileSync(join(folder, 'kernels.wasm.sha256'), 'utf8').split(' ');
    expect(
      createHash('sha256')
        .update(readFileSync(join(folder, 'kernels.wasm')))
        .digest('hex'),
    ).toBe(hash);
  });

  const compiler = spawnSync('clang', ['--version'], { encoding: 'utf8' }).stdout ?? '';
  it.skipIf(!compiler.includes('version 14.0.6'))('is what the source gives', () => {
    const built = mkdtempSync(join(tmpdir(), 'retort-native-'));
    try {
      execFileSync(process.execPath, [join(folder, 'build.mjs'), built]);
      for (const file of ['kernels.wasm', 'kernels.wasm.sha256']) {
        expect(readFileSync(join(built, file)).equals(readFileSync(join(folder, file))), file).toBe(true);
      }
    } finally {
      rmSync(built, { recursive: true });
    }
  });
});

/** `[input, filter, strides, pad]` with panels that are full and not, blocks of positions that are, and odd numbers. */
const CONVOLUTIONS: [number[], number[], number, 'same' | 'valid'][] = [
  [[2, 7, 7, 3], [3, 3, 3, 16], 1, 'same'],
  [[3, 5, 5, 2], [2, 2, 2, 33], 1, 'valid'],
  [[1, 9, 8, 17], [3, 3, 17, 20], 2, 'same'],
  [[2, 9, 7, 6], [4, 5, 6, 5], 3, 'same'],
  [[1, 3, 300, 2], [3, 3, 2, 3], 1, 'same'],
  [[2, 6, 6, 5], [1, 1, 5, 18], 2, 'same'],
  [[1, 4, 4, 7], [4, 4, 7, 1], 1, 'valid'],
  [[1, 5, 4, 45], [3, 3, 45, 18], 1, 'same'],
  [[1, 3, 3, 200], [3, 3, 200, 7], 1, 'same'],
];

describe('a convolution and its gradients', () => {
  it.each(CONVOLUTIONS)('of %j with %j, strides %j, pad %j', async (input, filter, strides, pad) => {
    await expectAgreement(
      [wave(input), wave(filter, 0.3)],
      withGradients((x, f) => conv2d(x as Tensor4D, f as Tensor4D, strides, pad)),
    );
  });

  it.each([1, 3, 4, 5, 16, 21])(
    'gives the same bits with a bias and a ReLU, fused or not, to %i channels',
    async (n) => {
      const [apart, together] = await computedOn(
        'wasm',
        [wave([2, 6, 5, 3]), wave([3, 3, 3, n], 0.3), wave([n], 0.7)],
        (x, filter, bias) => [
          relu(add(conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same'), bias)),
          fused.conv2d({
            x: x as Tensor4D,
            filter: filter as Tensor4D,
            strides: 1,
            pad: 'same',
            bias,
            activation: 'relu',
          }),
        ],
      );
      expect(together).toEqual(apart);
    },
  );

  it('sees NaN and infinity where a patch holds them, and nowhere else', async () => {
    const image = wave([1, 5, 5, 1]);
    const spoilt = of(
      image.shape,
      image.values.map((value, index) => [NaN, Infinity][[6, 18].indexOf(index)] ?? value),
    );
    for (const channels of [2, 6, 16]) {
      const filter = wave([2, 2, 1, channels], 0.3);
      const [values] = await computedOn('wasm', [spoilt, filter], (x, f) => [
        fused.conv2d({ x: x as Tensor4D, filter: f as Tensor4D, strides: 1, pad: 'valid', activation: 'relu' }),
      ]);
      const [known] = await computedOn('cpu', [spoilt, filter], (x, f) => [
        conv2d(x as Tensor4D, f as Tensor4D, 1, 'valid'),
      ]);
      expect(values!.values.map(Number.isNaN)).toEqual(known!.values.map(Number.isNaN));
      expect(values!.values.map((value) => value === Infinity)).toEqual(
        known!.values.map((value) => value === Infinity),
      );
    }
  });
});

describe('what is computed of an example', () => {
  const each = (x: Tensor, compute: (example: Tensor) => Tensor): Tensor => {
    const [count, ...rest] = x.shape;
    return concat(
      Array.from({ length: count }, (_, index) => compute(slice(x, [index, ...rest.map(() => 0)], [1, ...rest]))),
    );
  };

  it.each([
    ['a convolution', [5, 7, 7, 3], [3, 3, 3, 20], 'same'],
    ['a convolution of many channels', [5, 7, 6, 9], [5, 5, 9, 20], 'same'],
    ['a convolution to few channels', [5, 7, 7, 9], [3, 3, 9, 3], 'same'],
    ['a convolution without padding', [5, 6, 6, 3], [3, 3, 3, 17], 'valid'],
  ] as [string, number[], number[], 'same' | 'valid'][])(
    'is the same in any batch: %s',
    async (_, input, filter, pad) => {
      await expectSameBits([wave(input), wave(filter, 0.3)], (x, f) => [
        conv2d(x as Tensor4D, f as Tensor4D, 1, pad),
        each(x, (example) => conv2d(example as Tensor4D, f as Tensor4D, 1, pad)),
      ]);
    },
  );

  it('is the same in any batch: the gradient of a convolution', async () => {
    const gradient = (x: Tensor, f: Tensor): Tensor =>
      grad((images) => square(conv2d(images as Tensor4D, f as Tensor4D, 1, 'same')))(x);
    await expectSameBits([wave([5, 7, 6, 9]), wave([5, 5, 9, 20], 0.3)], (x, f) => [
      gradient(x, f),
      each(x, (example) => gradient(example, f)),
    ]);
  });

  it.each([
    [21, 33],
    [64, 3],
    [1000, 21],
  ])('is the same in any batch: a product with a matrix of %i by %i', async (inner, columns) => {
    await expectSameBits([wave([37, inner]), wave([inner, columns], 0.3)], (x, w) => [
      matMul(x, w),
      each(x, (example) => matMul(example, w)),
    ]);
  });

  async function expectSameBits(inputs: Values[], compute: (...tensors: Tensor[]) => [Tensor, Tensor]): Promise<void> {
    const [together, apart] = await computedOn('wasm', inputs, compute);
    expect(apart).toEqual(together);
  }
});
