import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readNpyHeader } from './npy.js';

const fixture = (name: string) => readFile(new URL(`../../fixtures/${name}`, import.meta.url));

describe('readNpyHeader', () => {
  it.each([
    ['float32.npy', { shape: [1, 3], dtype: 'float32', bigEndian: false, fortranOrder: false }],
    ['float64-big-endian.npy', { shape: [2], dtype: 'float64', bigEndian: true, fortranOrder: false }],
    ['int64-negative.npy', { shape: [2], dtype: 'int64', bigEndian: false, fortranOrder: false }],
    ['fortran.npy', { shape: [2, 3], dtype: 'uint8', bigEndian: false, fortranOrder: true }],
    ['bool.npy', { shape: [2], dtype: 'bool', bigEndian: false, fortranOrder: false }],
    ['scalar.npy', { shape: [], dtype: 'float32', bigEndian: false, fortranOrder: false }],
    ['version-2.npy', { shape: [2, 3, 2], dtype: 'uint8', bigEndian: false, fortranOrder: false }],
  ])('reads that of %s as numpy wrote it', async (file, header) => {
    const bytes = await fixture(file);
    const read = readNpyHeader(bytes, file);
    expect(read).toMatchObject(header);
    const size = { float32: 4, float64: 8, int64: 8, uint8: 1, bool: 1 }[header.dtype]!;
    expect(bytes.length - read.start).toBe(size * header.shape.reduce((a, b) => a * b, 1));
  });

  it('tells of records by their own name, which no element type has', async () => {
    const { dtype } = readNpyHeader(await fixture('records.npy'), 'records');
    expect(dtype).toBe('[(a, <i4), (b, <f8)]');
  });

  it('refuses what is no array, is cut off, or is of a version that is not known', async () => {
    const bytes = await fixture('float32.npy');
    expect(() => readNpyHeader(bytes.subarray(0, 40), 'x')).toThrow('x ends within its .npy header');
    expect(() => readNpyHeader(Buffer.from('hello, world'), 'x')).toThrow('x is not an .npy array');
    expect(() =>
      readNpyHeader(Buffer.concat([bytes.subarray(0, 6), Buffer.from([9]), bytes.subarray(7)]), 'x'),
    ).toThrow('version 9');
    expect(() => readNpyHeader(Buffer.from(bytes.toString('latin1').replace('shape', 'shade'), 'latin1'), 'x')).toThrow(
      'cannot be read',
    );
  });
});
