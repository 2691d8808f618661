import { add, mul, reshape, tensor1d, transpose, type Tensor } from '@tensorflow/tfjs-core';
import type { ImportInput } from '@retort/contracts';
import { ImportError } from './import-error.js';

/**
 * What turns a batch of images with pixels in [0, 1] into the input of a net.
 *
 * A net may also take the pixels in one row, or leave out the axis of a single channel.
 *
 * @param images the shape of one image, `[height, width, channels]`
 * @param wanted the shape of one input of the net; null where any extent will do, undefined where it is unknown
 * @returns a differentiable function of a batch `[n, ...images]`
 * @throws ImportError when the shapes do not fit, or a scale or offset has neither one number nor one a channel
 */
export function fitInput(
  images: readonly number[],
  { scale, offset, layout }: ImportInput,
  wanted: readonly (number | null)[] | undefined,
): (batch: Tensor) => Tensor {
  const channels = images.at(-1)!;
  const [factors, summands] = [perChannel(scale, 'scale', channels), perChannel(offset, 'offset', channels)];
  if (factors.includes(0)) throw new ImportError('a scale of 0 would hide the pixels from the net');
  const first = layout === 'channels_first';
  if (first && images.length !== 3) {
    throw new ImportError(`only images of three axes have channels to put first, not those of [${images.join(', ')}]`);
  }
  const given = first ? [images[2]!, images[0]!, images[1]!] : images;
  const shape = shapeFor(given, wanted);
  return (batch) => {
    const scaled = factors.every((factor) => factor === 1) ? batch : mul(batch, tensor1d([...factors]));
    const moved = summands.every((summand) => summand === 0) ? scaled : add(scaled, tensor1d([...summands]));
    const ordered = first ? transpose(moved, [0, 3, 1, 2]) : moved;
    return shape ? reshape(ordered, [batch.shape[0], ...shape]) : ordered;
  };
}

function perChannel(value: number | readonly number[], what: string, channels: number): readonly number[] {
  const list = typeof value === 'number' ? [value] : value;
  if (list.length === 1 || list.length === channels) return list;
  throw new ImportError(`the ${what} has ${list.length} numbers, where the images have ${channels} channels`);
}

/** The shape that the images are to be given, undefined where they have it. */
function shapeFor(
  given: readonly number[],
  wanted: readonly (number | null)[] | undefined,
): readonly number[] | undefined {
  if (!wanted) return undefined;
  const fits =
    wanted.length === given.length && wanted.every((extent, axis) => (extent ?? given[axis]) === given[axis]);
  if (fits) return undefined;
  const pixels = given.reduce((product, extent) => product * extent, 1);
  const known = wanted.filter((extent) => extent !== null);
  const flat = wanted.length === 1 && wanted[0] === pixels;
  const squeezed = (shape: readonly number[]) => String(shape.filter((extent) => extent !== 1));
  if (flat || (known.length === wanted.length && squeezed(known) === squeezed(given))) return known;
  throw new ImportError(
    `the net takes inputs of [${wanted.map((extent) => extent ?? 'any').join(', ')}], ` +
      `but the images of the dataset are [${given.join(', ')}]`,
  );
}
