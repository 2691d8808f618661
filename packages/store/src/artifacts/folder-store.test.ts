import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderStore } from './folder-store.js';

const announced: string[] = [];
const storeIn = (path: string) =>
  new FolderStore(path, {
    announce: ({ sha256, mediaType }) => {
      announced.push(`${sha256} ${mediaType}`);
      return Promise.resolve(() => Promise.resolve(void announced.push('kept')));
    },
  });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retort-artifacts-'));
});
afterEach(() => rm(folder, { recursive: true }));

const abc = new TextEncoder().encode('abc');
// FIPS 180-4, appendix B.1
const sha256OfAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('FolderStore', () => {
  it('keeps bytes under their sha256 and gives them back', async () => {
    const store = storeIn(folder);
    expect(await store.put(abc)).toEqual({ sha256: sha256OfAbc, bytes: 3 });
    expect(Buffer.from(await store.get(sha256OfAbc))).toEqual(Buffer.from(abc));
  });

  it('takes the same bytes many times at once, and leaves no temporary file', async () => {
    const store = storeIn(folder);
    await Promise.all(Array.from({ length: 20 }, () => store.put(abc)));
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    expect(await readdir(join(folder, 'ba'))).toEqual([sha256OfAbc]);
  });

  it('refuses bytes that were changed on the disk', async () => {
    const store = storeIn(folder);
    await store.put(abc);
    await writeFile(join(folder, 'ba', sha256OfAbc), 'abd');
    await expect(store.get(sha256OfAbc)).rejects.toMatchObject({ name: 'ArtifactError', code: 'damaged' });
  });

  it('mends bytes that were changed on the disk when they are put again', async () => {
    const store = storeIn(folder);
    await store.put(abc);
    await writeFile(join(folder, 'ba', sha256OfAbc), 'abd');
    await store.put(abc);
    expect(Buffer.from(await store.get(sha256OfAbc))).toEqual(Buffer.from(abc));
  });

  it('says which artifact is absent, and takes no path for one', async () => {
    const store = storeIn(folder);
    await expect(store.get('0'.repeat(64))).rejects.toMatchObject({ code: 'absent' });
    await expect(store.get('../secret')).rejects.toMatchObject({ code: 'absent' });
  });

  it('says so where it cannot write', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(storeIn(join(folder, 'file')).put(abc)).rejects.toMatchObject({ code: 'unwritable' });
  });

  it('keeps a stream under the sha256 of all its bytes, over a damaged copy too', async () => {
    const store = storeIn(folder);
    const stored = { sha256: sha256OfAbc, bytes: 3 };
    expect(await store.putStream(chunks('a', 'bc'))).toEqual(stored);
    await writeFile(join(folder, 'ba', sha256OfAbc), 'abd');
    expect(await store.putStream(chunks('abc'))).toEqual(stored);
    expect(Buffer.from(await store.get(sha256OfAbc))).toEqual(Buffer.from(abc));
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  it('leaves nothing behind of a stream that breaks, and passes its error on', async () => {
    const store = storeIn(folder);
    await expect(store.putStream(chunks('a', new Error('cut off')))).rejects.toThrow('cut off');
    expect(await readdir(folder)).toEqual(['incoming']);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    await writeFile(join(folder, 'file'), '');
    const unwritable = storeIn(join(folder, 'file')).putStream(chunks('abc'));
    await expect(unwritable).rejects.toMatchObject({ code: 'unwritable' });
  });

  it('copies bytes to a file, checked as they pass, and reads a part of them', async () => {
    const store = storeIn(folder);
    await store.put(abc);
    await store.copyTo(sha256OfAbc, join(folder, 'copy'));
    expect(await readFile(join(folder, 'copy'), 'utf8')).toBe('abc');
    expect(await store.readRange(sha256OfAbc, 1, 3).setEncoding('utf8').toArray()).toEqual(['bc']);
    await writeFile(join(folder, 'ba', sha256OfAbc), 'abd');
    await expect(store.copyTo(sha256OfAbc, join(folder, 'copy'))).rejects.toMatchObject({ code: 'damaged' });
    await expect(store.copyTo('0'.repeat(64), join(folder, 'none'))).rejects.toMatchObject({ code: 'absent' });
    expect(await readdir(folder)).not.toContain('none');
  });
});

/** The bytes of each text in turn; an error is thrown at its place. */
async function* chunks(...parts: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield await Promise.resolve(new TextEncoder().encode(part));
  }
}
