import type { OwnFiles } from '@retort/contracts';
import { DatasetError } from '../dataset-error.js';
import type { RawImages } from '../raw-dataset.js';
import type { NamedArray } from './named-array.js';

/** More channels than this are a layout that was misread. */
const MAX_CHANNELS = 16;

/**
 * Images from an array of numbers.
 *
 * @param array [n, height, width], or with channels as the layout says; whole numbers from 0 to 255, or fractions from 0 to 1
 * @throws DatasetError where it is something else
 */
export function imagesOf(array: NamedArray, layout: OwnFiles['layout']): RawImages {
  const shape = shapeOf(array, layout);
  const values = pixelsOf(array);
  const isMoved = array.shape.length === 4 && layout === 'channels-first' && shape[3]! > 1;
  return { shape, values: isMoved ? channelsLast(values, shape) : values };
}

function shapeOf({ name, shape }: NamedArray, layout: OwnFiles['layout']): number[] {
  const shown = `[${shape.join(', ')}]`;
  if (shape.length !== 3 && shape.length !== 4) {
    throw new DatasetError(
      `${name} has the shape ${shown}: images are [n, height, width], or [n, height, width, channels]; reshape them`,
    );
  }
  const [count, a, b, c = 1] = shape as [number, number, number, number?];
  const isFirst = shape.length === 4 && layout === 'channels-first';
  const [height, width, channels] = isFirst ? [b, c, a] : [a, b, c];
  if (count === 0 || height === 0 || width === 0 || channels === 0) {
    throw new DatasetError(`${name} has the shape ${shown}: it is empty`);
  }
  if (channels > MAX_CHANNELS) {
    const other = isFirst ? 'channels-last' : 'channels-first';
    throw new DatasetError(
      `${name} of shape ${shown} has ${channels} channels as "${layout}": set /dataset/upload/layout to "${other}"`,
    );
  }
  return [count, height, width, channels];
}

/** Bytes where the values are whole numbers, fractions where they are floats or truth values. */
function pixelsOf({ name, values, dtype }: NamedArray): Uint8Array | Float32Array {
  const isFraction = dtype === 'bool' || dtype.startsWith('float');
  const limit = isFraction ? 1 : 255;
  let largest = 0;
  for (let at = 0; at < values.length; at++) {
    const value = Number(values[at]!);
    if (!(value >= 0 && value <= limit)) {
      const remedy = isFraction
        ? 'floats are fractions from 0 to 1: scale them'
        : 'whole numbers are pixels from 0 to 255';
      throw new DatasetError(`${name} of ${dtype} has the value ${value} at place ${at}; ${remedy}`);
    }
    if (value > largest) largest = value;
  }
  if (!isFraction && largest <= 1) {
    throw new DatasetError(
      `${name} of ${dtype} has no value above ${largest}, though whole numbers are pixels from 0 to 255: save it as floats, or multiply it by 255`,
    );
  }
  if (values instanceof Uint8Array && !isFraction) return values;
  if (values instanceof Float32Array) return values;
  const copy = isFraction ? new Float32Array(values.length) : new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) copy[at] = Number(values[at]!);
  return copy;
}

/**
 * Moves the channels of images [n, channels, height, width] innermost.
 *
 * @param shape the result's, [n, height, width, channels]
 */
export function channelsLast<Values extends Uint8Array | Float32Array>(
  values: Values,
  shape: readonly number[],
): Values {
  const [count, height, width, channels] = shape as [number, number, number, number];
  const positions = height * width;
  const moved = values.slice() as Values;
  for (let image = 0; image < count; image++) {
    const start = image * positions * channels;
    for (let channel = 0; channel < channels; channel++) {
      for (let position = 0; position < positions; position++) {
        moved[start + position * channels + channel] = values[start + channel * positions + position]!;
      }
    }
  }
  return moved;
}
