import { datasetCatalogue, type DatasetSpec, type Examples } from '@retort/contracts';
import { Random } from '@retort/random';
import type { IdxArray } from './idx.js';
import { readMnist, type RawDataset } from './mnist.js';

export interface Dataset {
  readonly train: Examples;
  readonly validation: Examples;
  readonly test: Examples;
}

const readers: Record<DatasetSpec['name'], (folder?: string) => Promise<RawDataset>> = { mnist: readMnist };

/**
 * The three splits of a dataset, the same for the same spec on every machine.
 *
 * Training and validation images are drawn from the official training set, and test images from the official test set,
 * each by a permutation of `split_seed`. All test images in their published order are taken where all are asked for.
 *
 * @param folder a person's own copies, preferred to the packaged ones
 * @throws DatasetError where bytes are absent or not the published ones
 */
export async function loadDataset(spec: DatasetSpec, { folder }: { folder?: string } = {}): Promise<Dataset> {
  const raw = await readers[spec.name](folder);
  const pool = Random.stream(spec.split_seed, 'split/train').permutation(raw.train.labels.values.length);
  const tested =
    spec.test === raw.test.labels.values.length
      ? Uint32Array.from({ length: spec.test }, (_, index) => index)
      : Random.stream(spec.split_seed, 'split/test').permutation(raw.test.labels.values.length).subarray(0, spec.test);
  // Validation comes from the end of the permutation, so that it stays the same set when the training set grows.
  return {
    train: pick(raw.train, pool.subarray(0, spec.train), spec),
    validation: pick(raw.train, pool.subarray(pool.length - spec.validation), spec),
    test: pick(raw.test, tested, spec),
  };
}

function pick(
  { images, labels }: { images: IdxArray; labels: IdxArray },
  indices: Uint32Array,
  { name, pixel_divisor }: DatasetSpec,
): Examples {
  const { shape, classes } = datasetCatalogue[name];
  const pixels = shape.reduce<number>((product, extent) => product * extent, 1);
  const chosen = {
    images: new Float32Array(indices.length * pixels),
    labels: new Uint8Array(indices.length),
    count: indices.length,
    inputShape: shape,
    classes,
  };
  indices.forEach((from, to) => {
    chosen.labels[to] = labels.values[from]!;
    const source = images.values.subarray(from * pixels, (from + 1) * pixels);
    for (let p = 0; p < pixels; p++) chosen.images[to * pixels + p] = source[p]! / pixel_divisor;
  });
  return chosen;
}
