import { datasetCatalogue } from '@retort/contracts';
import { mirrorArchive } from '../fetch/mirror.js';
import type { Fetchable } from '../fetch/source.js';
import type { RawDataset } from '../raw-dataset.js';
import { readVerified } from '../verified-file.js';
import { packedCifar } from './cifar-10-package.js';
import { readRecords } from './cifar-10-records.js';
import { foldersOf, type Places } from './places.js';

/** The files of the binary version, as published. */
export const cifarFiles = {
  'train-1': 'data_batch_1.bin',
  'train-2': 'data_batch_2.bin',
  'train-3': 'data_batch_3.bin',
  'train-4': 'data_batch_4.bin',
  'train-5': 'data_batch_5.bin',
  test: 'test_batch.bin',
} as const;

/** CIFAR-10 (Krizhevsky 2009), from the six files of its binary version. */
export async function readCifar10(places: Places): Promise<RawDataset> {
  const { files, classes } = datasetCatalogue['cifar-10'];
  const folders = foldersOf('cifar-10', places, []);
  const read = (key: keyof typeof cifarFiles) => readVerified(folders, cifarFiles[key], files[key]);
  const train: Uint8Array[] = [];
  for (const key of ['train-1', 'train-2', 'train-3', 'train-4', 'train-5'] as const) train.push(await read(key));
  return { train: readRecords(train), test: readRecords([await read('test')]), classes };
}

export const cifar10Files: Fetchable = {
  files: cifarFiles,
  installed: [],
  sources: [packedCifar, mirrorArchive('https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz')],
};
