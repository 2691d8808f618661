import type { Fetchable } from '../fetch/source.js';
import { debianPackage } from '../fetch/debian-package.js';
import { mirror } from '../fetch/mirror.js';
import type { RawDataset } from '../raw-dataset.js';
import { idxFiles, readIdxDataset } from './idx-dataset.js';
import { foldersOf, type Places } from './places.js';

/** Where Debian's package puts the files. */
const INSTALLED = '/usr/share/datasets/fashion-mnist';

/** Fashion-MNIST (Xiao, Rasul and Vollgraf 2017), from a folder or from Debian's package where that is installed. */
export async function readFashionMnist(places: Places): Promise<RawDataset> {
  return readIdxDataset('fashion-mnist', foldersOf('fashion-mnist', places, [INSTALLED]));
}

/** Debian's package has the files packed anew, so that only their decompressed bytes are the published ones. */
export const fashionMnistFiles: Fetchable = {
  files: idxFiles,
  installed: [INSTALLED],
  sources: [
    debianPackage('dataset-fashion-mnist', INSTALLED),
    mirror('http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'),
  ],
};
