import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { datasetParts, type DatasetPart, type OwnFiles } from '@retort/contracts';
import { fileSource } from '../arrays/byte-source.js';
import { Npz } from '../arrays/npz.js';
import { DatasetError } from '../dataset-error.js';
import { readIdx } from '../idx.js';
import type { RawDataset, RawSet } from '../raw-dataset.js';
import { findArray } from './array-names.js';
import { imagesOf } from './images.js';
import { labelsOf } from './labels.js';
import type { NamedArray } from './named-array.js';

const decompress = promisify(gunzip);

/**
 * A person's own dataset from uploaded files.
 *
 * @param paths of the files, by the role that each has in the job
 * @throws DatasetError where they are no dataset: what is wrong in which array, and what would be right
 */
export async function readOwnDataset(files: OwnFiles, paths: Readonly<Record<string, string>>): Promise<RawDataset> {
  const arrays = files.format === 'npz' ? await readNpz(files, paths.dataset!) : await readIdxFiles(paths);
  const read = (set: 'train' | 'test'): RawSet => {
    const [images, labels] = [arrays[`${set}_images`], arrays[`${set}_labels`]];
    const found = { images: imagesOf(images, files.layout), labels: labelsOf(labels) };
    const [pictures, classes] = [found.images.shape[0]!, found.labels.length];
    if (pictures !== classes) {
      throw new DatasetError(
        `${images.name} has ${pictures} images, but ${labels.name} ${classes} labels: give as many`,
      );
    }
    return found;
  };
  const [train, test] = [read('train'), read('test')];
  const shapes = [train, test].map(({ images }) => images.shape.slice(1).join(' x '));
  if (shapes[0] !== shapes[1]) {
    throw new DatasetError(`training images are ${shapes[0]}, but test images ${shapes[1]}: give all the same shape`);
  }
  return { train, test, classes: countClasses(train.labels, test.labels) };
}

async function readNpz(files: Extract<OwnFiles, { format: 'npz' }>, path: string) {
  const npz = await Npz.open(await fileSource(path), 'the uploaded file');
  const arrays: Partial<Record<DatasetPart, NamedArray>> = {};
  for (const part of datasetParts) {
    const name = findArray(npz.names, part, files.arrays[part]);
    arrays[part] = { name, ...(await npz.read(name)) };
  }
  return arrays as Record<DatasetPart, NamedArray>;
}

async function readIdxFiles(paths: Readonly<Record<string, string>>) {
  const arrays: Partial<Record<DatasetPart, NamedArray>> = {};
  for (const part of datasetParts) {
    const bytes = await readFile(paths[`dataset:${part}`]!);
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    arrays[part] = { name: part, dtype: 'uint8', ...readIdx(packed ? await unpack(bytes, part) : bytes, part) };
  }
  return arrays as Record<DatasetPart, NamedArray>;
}

async function unpack(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  return decompress(bytes).catch((cause: Error) => {
    throw new DatasetError(`${name} cannot be unpacked: ${cause.message}`, { cause });
  });
}

/** The number of classes: one more than the largest label, every one of them with a training image. */
function countClasses(train: Uint8Array, test: Uint8Array): number {
  const classes = 1 + Math.max(largest(train), largest(test));
  const trained = new Set(train);
  const missing = Array.from({ length: classes }, (_, label) => label).filter((label) => !trained.has(label));
  if (missing.length > 0) {
    throw new DatasetError(
      `no training image has the class ${missing.slice(0, 10).join(', ')}: number the classes from 0 without a gap, ` +
        'each with at least one training image',
    );
  }
  if (classes < 2) throw new DatasetError('all labels are 0: a classifier needs at least 2 classes');
  return classes;
}

function largest(labels: Uint8Array): number {
  return labels.reduce((max, label) => Math.max(max, label), 0);
}
