import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openArtifactStore, readArtifactLocation, type ArtifactStore } from '@retort/store';
import { startS3, type TestS3 } from './support/s3.js';

let s3: TestS3;
let folder: string;
let store: ArtifactStore;
let announced: string[];
const abc = new TextEncoder().encode('abc');
// FIPS 180-4, appendix B.1
const sha256OfAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retort-spool-'));
  announced = [];
  store = await open({});
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** The store that these variables, beside those of the server, name. */
async function open(changes: Record<string, string>): Promise<ArtifactStore> {
  const environment = { RETORT_DATA: folder, ...s3.environment, ...changes };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return openArtifactStore(readArtifactLocation(environment), {
    announce: ({ sha256, mediaType }) => {
      announced.push(`${sha256} ${mediaType}`);
      return Promise.resolve(() => Promise.resolve(void announced.push('kept')));
    },
  });
}

async function* chunks(...parts: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield await Promise.resolve(new TextEncoder().encode(part));
  }
}

describe('S3Store', () => {
  it('keeps bytes, and streams, under their sha256, announces them, and gives them back', async () => {
    await store.check();
    expect(await store.put(abc, 'text/plain')).toEqual({ sha256: sha256OfAbc, bytes: 3 });
    expect(await store.putStream(chunks('a', 'bc'))).toEqual({ sha256: sha256OfAbc, bytes: 3 });
    expect(announced).toEqual([`${sha256OfAbc} text/plain`, 'kept', `${sha256OfAbc} application/octet-stream`, 'kept']);
    expect(Buffer.from(await store.get(sha256OfAbc)).toString()).toBe('abc');
    await store.copyTo(sha256OfAbc, join(folder, 'copy'));
    expect(await readFile(join(folder, 'copy'), 'utf8')).toBe('abc');
    expect((await store.open(sha256OfAbc)).bytes).toBe(3);
    expect(await store.readRange(sha256OfAbc, 1, 3).setEncoding('utf8').toArray()).toEqual(['bc']);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  it('lists and removes, and says what is absent', async () => {
    await store.put(abc);
    expect(await store.list('ba', { limit: 10 })).toEqual([{ sha256: sha256OfAbc, bytes: 3 }]);
    expect(await store.list('ba', { after: sha256OfAbc, limit: 10 })).toEqual([]);
    expect(await store.list('bb', { limit: 10 })).toEqual([]);
    await store.remove([sha256OfAbc, '0'.repeat(64)]);
    await expect(store.get(sha256OfAbc)).rejects.toMatchObject({ name: 'ArtifactError', code: 'absent' });
    await expect(store.get('../secret')).rejects.toMatchObject({ code: 'absent' });
  });

  it('refuses bytes that were changed in the bucket, and mends them when they are put again', async () => {
    const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3');
    const client = new S3Client({ endpoint: s3.endpoint, forcePathStyle: true });
    const place = { Bucket: 'retort', Key: `artifacts/ba/${sha256OfAbc}` };
    await client.send(new PutObjectCommand({ ...place, Body: 'abd' }));
    await expect(store.get(sha256OfAbc)).rejects.toMatchObject({ code: 'damaged' });
    await expect(store.copyTo(sha256OfAbc, join(folder, 'copy'))).rejects.toMatchObject({ code: 'damaged' });
    await store.put(abc);
    expect(Buffer.from(await store.get(sha256OfAbc)).toString()).toBe('abc');
  });

  it('keeps nothing of a stream that breaks', async () => {
    await expect(store.putStream(chunks('x', new Error('cut off')))).rejects.toThrow('cut off');
    expect([announced, await readdir(join(folder, 'incoming'))]).toEqual([[], []]);
  });

  it('is the store of whoever claimed it first', async () => {
    expect([await store.claim('one'), await store.claim('two')]).toEqual(['one', 'one']);
  });

  it.each([
    ['no such bucket', { RETORT_ARTIFACTS: 's3://elsewhere' }, 'refused', /there is no bucket at s3:\/\/elsewhere/],
    [
      'an unknown key',
      { AWS_ACCESS_KEY_ID: 'nobody' },
      'refused',
      /refuses .*\(InvalidAccessKeyId\); check the credentials/,
    ],
    ['no server', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }, 'unreachable', /does not answer .*ECONNREFUSED/],
  ])('says at its check what is wrong: %s', async (_what, changes, code, message) => {
    const checked = (await open(changes)).check();
    await expect(checked).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});
