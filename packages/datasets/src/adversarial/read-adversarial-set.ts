import { readFile } from 'node:fs/promises';
import type { DatasetSpec, ImageLayout } from '@retort/contracts';
import { fileSource, readStart } from '../arrays/byte-source.js';
import { isNpy } from '../arrays/npy.js';
import { readNpy, type NumberArray } from '../arrays/npy-values.js';
import { Npz } from '../arrays/npz.js';
import { DatasetError } from '../dataset-error.js';
import { channelsLast } from '../own/images.js';

/** Adversarial images that were made elsewhere. */
export interface AdversarialSet {
  readonly count: number;
  /** The `count` images, one after the other; what is in them is not checked. */
  readonly images: Float32Array;
  /** Place of each image in the test split; 0 to count - 1 where the file has none. */
  readonly indices: readonly number[];
  /** What the file says that the originals are, where it does. */
  readonly originals?: Float32Array;
  /** What the file says that the classes are, where it does. */
  readonly labels?: readonly number[];
}

const names = {
  adversarial: ['adversarial', 'x_adv', 'adv', 'adv_images', 'x_adversarial'],
  original: ['original', 'originals', 'x', 'x_test', 'images'],
  label: ['label', 'labels', 'y', 'y_test'],
  index: ['index', 'indices'],
} as const;

/**
 * Reads an .npz of `adversarial` and, if there, `index`, `label` and `original`, or one .npy array, as the MNIST
 * challenge of Madry et al. (2017) has it.
 *
 * @param path of the file
 * @param expected.inputShape the shape of an image of the test split, channels last
 * @param expected.count images in the test split
 * @param expected.divisor of bytes
 * @param expected.layout where the file has the channels
 * @throws DatasetError where the arrays do not fit each other or the test split
 */
export async function readAdversarialSet(
  path: string,
  expected: {
    inputShape: readonly number[];
    count: number;
    divisor: DatasetSpec['pixel_divisor'];
    layout: ImageLayout;
  },
): Promise<AdversarialSet> {
  const arrays = await readArrays(path);
  const { adversarial, original, label, index } = arrays;
  const count = adversarial.shape[0] ?? 0;
  const images = pixelsOf('the adversarial images', adversarial, count, expected);
  const indices = index ? listOf('index', index, count) : Array.from({ length: count }, (_, at) => at);
  const wrong = indices.find((place) => !(Number.isInteger(place) && place >= 0 && place < expected.count));
  if (wrong !== undefined) {
    throw new DatasetError(
      `the file has an image for place ${wrong} of the test split, which has ${expected.count}: raise /dataset/test`,
    );
  }
  if (new Set(indices).size < count) throw new DatasetError('index names a place of the test split twice');
  return {
    count,
    images,
    indices,
    ...(original && { originals: pixelsOf('the originals', original, count, expected) }),
    ...(label && { labels: listOf('label', label, count) }),
  };
}

type Arrays = Partial<Record<keyof typeof names, NumberArray>> & { adversarial: NumberArray };

async function readArrays(path: string): Promise<Arrays> {
  const source = await fileSource(path);
  if (isNpy(await readStart(source, 6))) return { adversarial: readNpy(await readFile(path), 'the file') };
  const npz = await Npz.open(source, 'the file');
  const found: Partial<Record<keyof typeof names, NumberArray>> = {};
  for (const part of Object.keys(names) as (keyof typeof names)[]) {
    const name = names[part].find((candidate) => npz.names.includes(candidate));
    if (name !== undefined) found[part] = await npz.read(name);
  }
  const { adversarial } = found;
  if (adversarial) return { ...found, adversarial };
  throw new DatasetError(
    `the file has no array ${names.adversarial.join(' or ')}, but ${npz.names.join(', ') || 'none'}: rename the one with the adversarial images`,
  );
}

/** Bytes become fractions; floats stay as they are, wrong ones too. */
function pixelsOf(
  name: string,
  { shape, dtype, values }: NumberArray,
  count: number,
  { inputShape, divisor, layout }: Parameters<typeof readAdversarialSet>[1],
): Float32Array {
  const pixels = inputShape.reduce((product, extent) => product * extent, 1);
  const shown = `${name} have the shape [${shape.join(', ')}]`;
  if (count === 0 || values.length !== count * pixels) {
    throw new DatasetError(
      `${shown}: as many are needed as there are, each ${inputShape.join(' x ')} or a row of ${pixels}`,
    );
  }
  const [height, width, channels = 1] = inputShape as [number, number, number?];
  const isFirst = layout === 'channels-first' && channels > 1;
  const wanted = isFirst ? [channels, height, width] : inputShape;
  if (shape.length === 4 && channels > 1 && wanted.some((extent, axis) => extent !== shape[axis + 1])) {
    throw new DatasetError(
      `${shown}, which is not [n, ${wanted.join(', ')}] as "${layout}" has it: set /parameters/layout of the attack to where the channels are`,
    );
  }
  const scale = dtype.startsWith('float') ? 1 : divisor;
  const fractions = Float32Array.from({ length: values.length }, (_, at) => Number(values[at]!) / scale);
  return isFirst ? channelsLast(fractions, [count, height, width, channels]) : fractions;
}

function listOf(name: string, { shape, values }: NumberArray, count: number): number[] {
  if (values.length !== count) {
    throw new DatasetError(`${name} has the shape [${shape.join(', ')}] for ${count} images: give one for each`);
  }
  return Array.from(values, Number);
}
