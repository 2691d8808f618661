import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from './byte-source.js';
import { describeUpload } from './describe-upload.js';

const fixture = (name: string) => readFile(new URL(`../../fixtures/${name}`, import.meta.url));

function sourceOf(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (start, end) => Readable.from([bytes.subarray(start, end)]) };
}

describe('describeUpload', () => {
  it.each(['two-images.npz', 'two-images-compressed.npz'])('names the arrays of %s', async (file) => {
    expect(await describeUpload(sourceOf(await fixture(file)))).toEqual({
      format: 'npz',
      arrays: [
        { name: 'x_train', shape: [2, 3, 2], dtype: 'uint8' },
        { name: 'y_train', shape: [2], dtype: 'int64' },
      ],
    });
  });

  it('knows one array, and an idx file', async () => {
    const npy = { format: 'npy', arrays: [{ name: '', shape: [1, 3], dtype: 'float32' }] };
    expect(await describeUpload(sourceOf(await fixture('float32.npy')))).toEqual(npy);
    const idx = Uint8Array.from([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9]);
    const contents = { format: 'idx', arrays: [{ name: '', shape: [1, 2], dtype: 'uint8' }] };
    expect(await describeUpload(sourceOf(idx))).toEqual(contents);
  });

  it('claims nothing of a file that is cut off, or of another kind', async () => {
    const other = { format: 'other', arrays: [] };
    const npz = await fixture('two-images.npz');
    expect(await describeUpload(sourceOf(npz.subarray(0, npz.length - 30)))).toEqual(other);
    expect(await describeUpload(sourceOf(Buffer.from('hello, world')))).toEqual(other);
    expect(await describeUpload(sourceOf(new Uint8Array()))).toEqual(other);
  });

  it('passes on that the bytes could not be read', async () => {
    const broken = Object.assign(new Error('gone'), { code: 'ENOENT' });
    const source = {
      size: 100,
      read: () =>
        new Readable({
          read() {
            this.destroy(broken);
          },
        }),
    };
    await expect(describeUpload(source)).rejects.toBe(broken);
  });
});
