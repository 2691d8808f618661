import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readNpy } from './npy-values.js';

const fixture = (name: string) => readFile(new URL(`../../fixtures/${name}`, import.meta.url));

describe('readNpy', () => {
  it.each([
    ['float32.npy', [0.5, -1.25, 3]],
    ['float64-big-endian.npy', [0.5, -1.25]],
    ['int64-negative.npy', [-1n, 2n ** 40n]],
    ['bool.npy', [1, 0]],
    ['scalar.npy', [7]],
    ['version-2.npy', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ])('reads the values of %s as numpy wrote them', async (file, values) => {
    expect(Array.from(readNpy(await fixture(file), file).values)).toEqual(values);
  });

  it('refuses what would be read in a wrong order, as something else, or in part', async () => {
    expect(() => readNpy(Buffer.from('x'), 'x')).toThrow('x is not an .npy array');
    const fortran = await fixture('fortran.npy');
    expect(() => readNpy(fortran, 'x')).toThrow('stored column by column: save numpy.ascontiguousarray');
    const records = await fixture('records.npy');
    expect(() => readNpy(records, 'x')).toThrow('elements of type [(a, <i4), (b, <f8)]; convert it to one of');
    const bytes = await fixture('float32.npy');
    expect(() => readNpy(bytes.subarray(0, bytes.length - 1), 'x')).toThrow('needs 12 bytes and has 11');
  });
});
