import { datasetCatalogue, type DatasetName } from '@retort/contracts';
import { readIdx } from '../idx.js';
import type { RawDataset, RawSet } from '../raw-dataset.js';
import { readVerified } from '../verified-file.js';

/** The names of the four files of MNIST, which others have taken over. */
export const idxFiles = {
  'train-images': 'train-images-idx3-ubyte',
  'train-labels': 'train-labels-idx1-ubyte',
  'test-images': 't10k-images-idx3-ubyte',
  'test-labels': 't10k-labels-idx1-ubyte',
} as const;

/**
 * A published dataset of grey images in four idx files.
 *
 * @param folders where to look, in this order
 */
export async function readIdxDataset(
  name: Extract<DatasetName, 'mnist' | 'fashion-mnist'>,
  folders: readonly string[],
): Promise<RawDataset> {
  const { files, classes } = datasetCatalogue[name];
  const read = async (key: keyof typeof idxFiles) =>
    readIdx(await readVerified(folders, idxFiles[key], files[key]), idxFiles[key]);
  const readSet = async (set: 'train' | 'test'): Promise<RawSet> => {
    const { shape, values } = await read(`${set}-images`);
    return { images: { shape: [...shape, 1], values }, labels: (await read(`${set}-labels`)).values };
  };
  return { train: await readSet('train'), test: await readSet('test'), classes };
}
