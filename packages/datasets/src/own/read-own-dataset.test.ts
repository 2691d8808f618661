import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetParts, type OwnDataset } from '@retort/contracts';
import { loadDataset } from '../load-dataset.js';
import { imagesOf } from './images.js';
import { labelsOf } from './labels.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const hash = '0'.repeat(64);
const split = { train: 3, validation: 1, test: 3, split_seed: 0, pixel_divisor: 255 };

describe('a dataset of your own', () => {
  const npz = (layout: 'channels-last' | 'channels-first', changes: Partial<OwnDataset> = {}): OwnDataset => ({
    name: 'colours',
    upload: { format: 'npz', file: hash, arrays: {}, layout },
    ...split,
    ...changes,
  });

  it('is read from an .npz file, its fractions as they are, its channels wherever the spec says', async () => {
    const { train, test } = await loadDataset(npz('channels-last'), { uploads: { dataset: fixture('colours.npz') } });
    expect([train.count, train.classes, train.inputShape]).toEqual([3, 3, [2, 3, 3]]);
    expect([...test.labels]).toEqual([1, 2, 0]);
    // What numpy prints of test_images[2, 1, 2].
    expect([...test.images.subarray(-3)]).toEqual([0.19851303, 0.94652474, 0.09075302].map(Math.fround));
    const uploads = { dataset: fixture('colours-first.npz') };
    expect((await loadDataset(npz('channels-first'), { uploads })).test).toEqual(test);
  });

  it('is refused with a remedy where an array is absent, or too few images are in it', async () => {
    const uploads = { dataset: fixture('two-images.npz') };
    await expect(loadDataset(npz('channels-last'), { uploads })).rejects.toMatchObject({
      reason: 'dataset_invalid',
      message: expect.stringMatching(
        /no array x_test or .* but x_train, y_train: name the one with the test images/,
      ) as string,
    });
    const colours = { uploads: { dataset: fixture('colours.npz') } };
    await expect(loadDataset(npz('channels-last', { test: 4 }), colours)).rejects.toMatchObject({
      reason: 'too_few_examples',
      message: '4 test images were asked for, but colours has 3: lower /dataset/test',
    });
    await expect(loadDataset(npz('channels-last', { train: 4 }), colours)).rejects.toThrow(
      '4 training and 1 validation images were asked for, but colours has 4',
    );
    await expect(loadDataset(npz('channels-first'), { uploads: { dataset: fixture('float32.npy') } })).rejects.toThrow(
      'the uploaded file cannot be read as a zip file',
    );
  });

  describe('in idx files', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'retort-own-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 153, 204, 255, 9, 9]);
    const idxLabels = (...labels: number[]) => Uint8Array.from([0, 0, 8, 1, 0, 0, 0, labels.length, ...labels]);
    const load = async (
      files: Record<(typeof datasetParts)[number], Uint8Array>,
      changes: Partial<OwnDataset> = {},
    ) => {
      const uploads: Record<string, string> = {};
      for (const part of datasetParts) {
        uploads[`dataset:${part}`] = join(folder, part);
        await writeFile(join(folder, part), files[part]);
      }
      const hashes = { train_images: hash, train_labels: hash, test_images: hash, test_labels: hash };
      const upload = { format: 'idx', files: hashes, layout: 'channels-last' } as const;
      return loadDataset({ name: 'mine', upload, ...split, test: 4, ...changes }, { uploads });
    };
    const labels = idxLabels(0, 1, 1, 0);
    const good = { train_images: images, train_labels: labels, test_images: images, test_labels: labels };

    it('is read, packed or not, its bytes divided', async () => {
      const { test } = await load({ ...good, test_images: gzipSync(images) });
      expect([test.inputShape, test.classes, [...test.labels]]).toEqual([[1, 2, 1], 2, [0, 1, 1, 0]]);
      expect([...test.images.subarray(0, 6)]).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1].map(Math.fround));
    });

    it.each([
      [{ train_labels: idxLabels(0, 1) }, 'train_images has 4 images, but train_labels 2 labels'],
      [{ train_labels: idxLabels(1, 2, 3, 4) }, 'no training image has the class 0: number the classes from 0'],
      [{ test_labels: idxLabels(0, 1, 1, 2) }, 'no training image has the class 2'],
      [{ train_labels: idxLabels(0, 0, 0, 0), test_labels: idxLabels(0, 0, 0, 0) }, 'all labels are 0'],
      [{ train_images: images.subarray(0, 20) }, 'needs 8 values and has 4'],
      [{ train_images: gzipSync(images).subarray(0, 20) }, 'train_images cannot be unpacked'],
    ])('is refused: %#', async (changes, message) => {
      await expect(load({ ...good, ...changes })).rejects.toThrow(message);
    });
  });
});

describe('imagesOf', () => {
  const array = (shape: number[], values: ArrayLike<number>, dtype = 'uint8') => ({ name: 'x', shape, values, dtype });

  it.each([
    [array([2, 4], new Uint8Array(8)), 'images are [n, height, width]'],
    [array([0, 2, 2], new Uint8Array(0)), 'it is empty'],
    [
      array([1, 3, 32, 32], new Uint8Array(3072).fill(9)),
      'has 32 channels as "channels-last": set /dataset/upload/layout',
    ],
    [
      array([1, 1, 2], Float32Array.of(0.5, NaN), 'float32'),
      'has the value NaN at place 1; floats are fractions from 0 to 1',
    ],
    [array([1, 1, 2], Float32Array.of(0.5, 255), 'float32'), 'has the value 255 at place 1'],
    [array([1, 1, 2], Int16Array.of(0, -1), 'int16'), 'whole numbers are pixels from 0 to 255'],
    [array([1, 1, 2], Uint8Array.of(0, 1)), 'has no value above 1'],
  ])('refuses %#', (images, message) => {
    expect(() => imagesOf(images, 'channels-last')).toThrow(message);
  });

  it('takes truth values and wide numbers for what they are', () => {
    expect(imagesOf(array([1, 1, 2], Uint8Array.of(0, 1), 'bool'), 'channels-last').values).toEqual(
      Float32Array.of(0, 1),
    );
    expect(imagesOf(array([1, 1, 2], Int32Array.of(7, 255), 'int32'), 'channels-last').values).toEqual(
      Uint8Array.of(7, 255),
    );
    expect(imagesOf(array([1, 1, 1], Float64Array.of(0.1), 'float64'), 'channels-last').values).toEqual(
      Float32Array.of(0.1),
    );
  });
});

describe('labelsOf', () => {
  const array = (shape: number[], values: ArrayLike<number | bigint>) => ({ name: 'y', shape, values, dtype: 'int64' });

  it.each([
    [array([2, 3], [0, 0, 1, 1, 0, 0]), 'argmax(axis=1)'],
    [array([2], [0, 0.5]), 'has the label 0.5 at place 1'],
    [array([2], [-1n, 0n]), 'has the label -1 at place 0'],
    [array([1], [256]), 'at most 256 classes'],
    [array([1], [NaN]), 'has the label NaN'],
  ])('refuses %#', (labels, message) => {
    expect(() => labelsOf(labels)).toThrow(message);
  });

  it('takes a list, or a column', () => {
    expect(labelsOf(array([3, 1], [2n, 0n, 255n]))).toEqual(Uint8Array.of(2, 0, 255));
  });
});
