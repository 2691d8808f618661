import { zipSync } from 'fflate';

export interface NumpyArray {
  readonly shape: readonly number[];
  /** Bytes are saved as uint8, floats as float32. */
  readonly values: Uint8Array | Float32Array;
}

/** What numpy's `savez` writes: an .npy file for each array, not compressed. */
export function savez(arrays: Readonly<Record<string, NumpyArray>>): Uint8Array<ArrayBuffer> {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npy(array)]);
  return Uint8Array.from(zipSync(Object.fromEntries(files) as Record<string, Uint8Array>, { level: 0 }));
}

/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0 */
function npy({ shape, values }: NumpyArray): Uint8Array {
  const descr = values instanceof Uint8Array ? '|u1' : '<f4';
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.map((n) => `${n},`).join(' ')}), }`;
  // Magic, version and length take 10 bytes; with the header they are a multiple of 64, of which the last is a newline.
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 0, 0]);
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header), Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}
