import { DatasetError } from '../dataset-error.js';
import type { NamedArray } from './named-array.js';

/** More classes than this have no place in a byte, as which labels are kept. */
const MAX_CLASSES = 256;

/**
 * Labels from an array of numbers.
 *
 * @param array [n] or [n, 1]; classes counted from 0, at most 256
 * @throws DatasetError where it is something else
 */
export function labelsOf({ name, shape, values }: NamedArray): Uint8Array {
  const isList = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!isList) {
    const remedy = shape.length === 2 ? 'rows of one-hot labels become one by argmax(axis=1)' : 'reshape it';
    throw new DatasetError(`${name} has the shape [${shape.join(', ')}]: labels are a list of classes [n]; ${remedy}`);
  }
  const labels = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const label = Number(values[at]!);
    if (!Number.isInteger(label) || label < 0 || label >= MAX_CLASSES) {
      throw new DatasetError(
        `${name} has the label ${label} at place ${at}: labels are whole numbers from 0, for at most ${MAX_CLASSES} classes`,
      );
    }
    labels[at] = label;
  }
  return labels;
}
