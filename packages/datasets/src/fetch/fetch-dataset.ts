import { join } from 'node:path';
import { datasetCatalogue, type DatasetName } from '@retort/contracts';
import { cifar10Files } from '../catalogue/cifar-10.js';
import { fashionMnistFiles } from '../catalogue/fashion-mnist.js';
import { foldersOf, type Places } from '../catalogue/places.js';
import { bringFiles } from './bring-files.js';
import type { Fetchable } from './source.js';

type FetchableName = Exclude<DatasetName, 'mnist'>;
const fetchables: Record<FetchableName, Fetchable> = { 'fashion-mnist': fashionMnistFiles, 'cifar-10': cifar10Files };

/** Whether a dataset is one that is fetched; MNIST comes with Retort. */
export function isFetchable(name: DatasetName): name is FetchableName {
  return name in fetchables;
}

/**
 * Brings the files of a dataset that this machine lacks into the cache.
 *
 * @param tell told in sentences what is tried and what has come
 * @returns the files that were brought now; empty where none was missing
 * @throws DatasetError where no source has given every file, with what each of them said
 */
export async function fetchDataset(
  name: FetchableName,
  { folder, cache }: Places & { cache: string },
  tell: (message: string) => void,
): Promise<string[]> {
  const { files, installed, sources } = fetchables[name];
  const hashes: Readonly<Record<string, string>> = datasetCatalogue[name].files;
  const published = Object.fromEntries(Object.entries(files).map(([key, file]) => [file, hashes[key]!]));
  const folders = foldersOf(name, { folder, cache }, installed);
  return bringFiles(published, sources, { folders, target: join(cache, name), tell });
}
