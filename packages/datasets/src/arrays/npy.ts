import { DatasetError } from '../dataset-error.js';

/** What an .npy file says of its array before the values. */
export interface NpyHeader {
  readonly shape: readonly number[];
  /** The element type as numpy names it; where it is none of `elementTypes`, the file's own `descr`. */
  readonly dtype: string;
  readonly bigEndian: boolean;
  /** Whether the first index runs fastest. */
  readonly fortranOrder: boolean;
  /** Where the values begin. */
  readonly start: number;
}

/** The bytes of an element of each type that can be read. */
export const elementTypes = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float32: 4,
  float64: 8,
} as const;
export type ElementType = keyof typeof elementTypes;

/** More bytes than this are in no header of an array that is not made of records. */
export const MAX_NPY_HEADER = 65_536;

const MAGIC = [0x93, ...Buffer.from('NUMPY')];

/** Whether bytes begin as an .npy file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && MAGIC.every((byte, at) => bytes[at] === byte);
}

/**
 * Reads the header of an .npy file, of versions 1 to 3 (numpy.lib.format): the magic, the version, the header's length,
 * and a Python dictionary of `descr`, `fortran_order` and `shape`.
 *
 * @param bytes the whole file, or its first `MAX_NPY_HEADER` bytes
 * @param name what the bytes are, for the error
 * @throws DatasetError where they are no such header
 */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isNpy(bytes) || bytes.length < 12) throw new DatasetError(`${name} is not an .npy array`);
  const version = view.getUint8(6);
  if (version < 1 || version > 3)
    throw new DatasetError(`${name} is of .npy version ${version}; 1, 2 and 3 can be read`);
  const [length, from] = version === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  const start = from + length;
  if (start > bytes.length)
    throw new DatasetError(`${name} ends within its .npy header, or has one of ${length} bytes`);
  const text = Buffer.from(bytes.subarray(from, start)).toString(version === 3 ? 'utf8' : 'latin1');

  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  // (), (3,), (3, 4); Python 2 wrote 3L.
  const extents = /'shape':\s*\(((?:\s*\d+L?\s*,?)*)\)/.exec(text)?.[1];
  const descr = /'descr':\s*('[^']*'|\[.*\])/s.exec(text)?.[1];
  if (order === undefined || extents === undefined || descr === undefined) {
    throw new DatasetError(`${name} has an .npy header that cannot be read: ${text.trim().slice(0, 200)}`);
  }
  return {
    shape: [...extents.matchAll(/\d+/g)].map(([digits]) => Number(digits)),
    dtype: elementType(descr),
    bigEndian: descr.startsWith("'>"),
    fortranOrder: order === 'True',
    start,
  };
}

const kinds: Record<string, string> = { u: 'uint', i: 'int', f: 'float' };

/** numpy's name of a type that is written as `'<f4'`. */
function elementType(descr: string): string {
  const match = /^'[<>|=]?([uif])(\d)'$/.exec(descr);
  if (match) return `${kinds[match[1]!]}${8 * Number(match[2])}`;
  return /^'[|]?b1'$|^'[|]?\?'$/.test(descr) ? 'bool' : descr.replaceAll("'", '');
}
