import { isOwn, type DatasetName, type DatasetSpec, type Examples } from '@retort/contracts';
import { Random } from '@retort/random';
import { readCifar10 } from './catalogue/cifar-10.js';
import { readFashionMnist } from './catalogue/fashion-mnist.js';
import { readMnist } from './catalogue/mnist.js';
import type { Places } from './catalogue/places.js';
import { DatasetError } from './dataset-error.js';
import { isFetchable } from './fetch/fetch-dataset.js';
import { readOwnDataset } from './own/read-own-dataset.js';
import type { RawDataset, RawSet } from './raw-dataset.js';

export interface Dataset {
  readonly train: Examples;
  readonly validation: Examples;
  readonly test: Examples;
}

const readers: Record<DatasetName, (places: Places) => Promise<RawDataset>> = {
  mnist: readMnist,
  'fashion-mnist': readFashionMnist,
  'cifar-10': readCifar10,
};

/**
 * The three splits of a dataset, the same for the same spec on every machine.
 *
 * Training and validation images are drawn from the whole training set, and test images from the whole test set, each
 * by a permutation of `split_seed`. All test images in their own order are taken where all are asked for.
 *
 * @param options.folder a person's own copies of published datasets, preferred to all others
 * @param options.cache what was fetched
 * @param options.uploads the path of each file of a person's own dataset, by the role that it has in the job
 * @throws DatasetError where bytes are absent, not the published ones, or no dataset; or hold fewer images than are asked for
 */
export async function loadDataset(
  spec: DatasetSpec,
  { uploads = {}, ...places }: Places & { uploads?: Readonly<Record<string, string>> } = {},
): Promise<Dataset> {
  const raw = isOwn(spec) ? await readOwnDataset(spec.upload, uploads) : await readPublished(spec.name, places);
  assertEnough(raw, spec);
  const pool = Random.stream(spec.split_seed, 'split/train').permutation(raw.train.labels.length);
  const tested =
    spec.test === raw.test.labels.length
      ? Uint32Array.from({ length: spec.test }, (_, index) => index)
      : Random.stream(spec.split_seed, 'split/test').permutation(raw.test.labels.length).subarray(0, spec.test);
  const pick = (set: RawSet, indices: Uint32Array) => pickExamples(set, raw.classes, indices, spec.pixel_divisor);
  // Validation comes from the end of the permutation, so that it stays the same set when the training set grows.
  return {
    train: pick(raw.train, pool.subarray(0, spec.train)),
    validation: pick(raw.train, pool.subarray(pool.length - spec.validation)),
    test: pick(raw.test, tested),
  };
}

/**
 * All images of a published dataset.
 *
 * @throws DatasetError where bytes are absent, with the command that fetches them, or not the published ones
 */
export async function readPublished(name: DatasetName, places: Places): Promise<RawDataset> {
  try {
    return await readers[name](places);
  } catch (error) {
    if (!(error instanceof DatasetError) || !isFetchable(name)) throw error;
    const remedy = `run \`npx retort dataset fetch ${name}\` on every machine with a worker, then submit again`;
    throw new DatasetError(`${error.message}; ${remedy}`, { reason: error.reason, cause: error });
  }
}

/** The planner knows the sizes of published datasets; those of a person's own are known only now. */
function assertEnough({ train, test }: RawDataset, spec: DatasetSpec): void {
  const complain = (message: string) => {
    throw new DatasetError(message, { reason: 'too_few_examples' });
  };
  const [trained, tested] = [train.labels.length, test.labels.length];
  if (spec.train + spec.validation > trained) {
    const asked = `${spec.train} training and ${spec.validation} validation images were asked for`;
    complain(
      `${asked}, but ${spec.name} has ${trained} to train and validate on: lower /dataset/train or /dataset/validation`,
    );
  }
  if (spec.test > tested) {
    complain(`${spec.test} test images were asked for, but ${spec.name} has ${tested}: lower /dataset/test`);
  }
}

function pickExamples({ images, labels }: RawSet, classes: number, indices: Uint32Array, divisor: number): Examples {
  const inputShape = images.shape.slice(1);
  const pixels = inputShape.reduce((product, extent) => product * extent, 1);
  // Fractions stay what they are.
  const scale = images.values instanceof Uint8Array ? divisor : 1;
  const chosen = {
    images: new Float32Array(indices.length * pixels),
    labels: new Uint8Array(indices.length),
    count: indices.length,
    inputShape,
    classes,
  };
  indices.forEach((from, to) => {
    chosen.labels[to] = labels[from]!;
    const source = images.values.subarray(from * pixels, (from + 1) * pixels);
    for (let p = 0; p < pixels; p++) chosen.images[to * pixels + p] = source[p]! / scale;
  });
  return chosen;
}
