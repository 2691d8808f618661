import { DatasetError } from './dataset-error.js';

/** An array of unsigned bytes with its shape. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/**
 * Reads the header of the idx format of LeCun: two zero bytes, the type, the number of dimensions, each dimension big-endian.
 *
 * @param name what the bytes are, for the error
 * @returns the shape, and where the values begin
 * @throws DatasetError where it is not the header of a file of unsigned bytes
 */
export function readIdxHeader(bytes: Uint8Array, name: string): { shape: readonly number[]; start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0) throw new DatasetError(`${name} is not an idx file`);
  const [type, dimensions] = [view.getUint8(2), view.getUint8(3)];
  if (type !== 0x08) throw new DatasetError(`${name} holds values of type 0x${type.toString(16)}, not unsigned bytes`);
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) throw new DatasetError(`${name} ends within its header`);
  return { shape: Array.from({ length: dimensions }, (_, at) => view.getUint32(4 + 4 * at)), start };
}

/**
 * Reads a whole idx file: the header and the values.
 *
 * @param name what the bytes are, for the error
 * @throws DatasetError where they are not a whole idx file of unsigned bytes
 */
export function readIdx(bytes: Uint8Array, name: string): IdxArray {
  const { shape, start } = readIdxHeader(bytes, name);
  const values = bytes.subarray(start);
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (values.length !== size) {
    throw new DatasetError(`${name} of shape [${shape.join(', ')}] needs ${size} values and has ${values.length}`);
  }
  return { shape, values };
}
