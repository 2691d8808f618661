import { DatasetError } from '../dataset-error.js';
import { elementTypes, readNpyHeader, type ElementType } from './npy.js';

/** An array of numbers, the last index running fastest. */
export interface NumberArray {
  readonly shape: readonly number[];
  /** The element type as numpy names it. */
  readonly dtype: string;
  readonly values: ArrayLike<number | bigint>;
}

const readers = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<ElementType, unknown>;

/**
 * Reads a whole .npy file of numbers or truth values.
 *
 * @param name what the bytes are, for the error
 * @throws DatasetError where they are not one, are cut off, or are in an order that cannot be read
 */
export function readNpy(bytes: Uint8Array, name: string): NumberArray {
  const { shape, dtype, bigEndian, fortranOrder, start } = readNpyHeader(bytes, name);
  if (!isElementType(dtype)) {
    const known = Object.keys(elementTypes).join(', ');
    throw new DatasetError(`${name} holds elements of type ${dtype}; convert it to one of ${known}`);
  }
  if (fortranOrder && shape.length > 1) {
    throw new DatasetError(`${name} is stored column by column: save numpy.ascontiguousarray of it`);
  }
  const size = shape.reduce((product, extent) => product * extent, 1);
  const width = elementTypes[dtype];
  if (bytes.length - start !== size * width) {
    const needed = `${size * width} bytes`;
    throw new DatasetError(
      `${name} of ${dtype} and shape [${shape.join(', ')}] needs ${needed} and has ${bytes.length - start}`,
    );
  }
  // Copied, since typed arrays begin at multiples of their width; this machine's order is little-endian, as tfjs needs.
  const copy = new Uint8Array(bytes.subarray(start));
  if (bigEndian) reverseEach(copy, width);
  const values = new readers[dtype](copy.buffer, copy.byteOffset, size);
  return { shape, dtype, values };
}

function isElementType(dtype: string): dtype is ElementType {
  return Object.hasOwn(elementTypes, dtype);
}

function reverseEach(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}
