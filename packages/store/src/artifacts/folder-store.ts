import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ArtifactError, type ArtifactStore, type StoredArtifact } from './artifact-store.js';

/** Artifacts as files of one folder, `<first two digits>/<sha256>`. */
export class FolderStore implements ArtifactStore {
  constructor(readonly folder: string) {}

  async put(bytes: Uint8Array): Promise<StoredArtifact> {
    const sha256 = hash(bytes);
    const path = this.#path(sha256);
    const stored = { sha256, bytes: bytes.byteLength };
    const temporary = join(this.folder, 'incoming', randomUUID());
    try {
      const present = await readFile(path).catch(ifAbsent);
      if (present && hash(present) === sha256) return stored;
      await mkdir(join(this.folder, 'incoming'), { recursive: true });
      await mkdir(join(path, '..'), { recursive: true });
      await writeDurably(temporary, bytes);
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(ifNoFolder);
      throw new ArtifactError('unwritable', `artifact ${sha256} could not be written to ${this.folder}`, { cause });
    }
    return stored;
  }

  async putStream(source: AsyncIterable<Uint8Array>): Promise<StoredArtifact> {
    const temporary = join(this.folder, 'incoming', randomUUID());
    const unwritable = (cause: unknown): never => {
      throw new ArtifactError('unwritable', `an artifact could not be written to ${this.folder}`, { cause });
    };
    try {
      await mkdir(join(this.folder, 'incoming'), { recursive: true }).catch(unwritable);
      const file = await open(temporary, 'wx').catch(unwritable);
      const stored = await writeHashed(file, source, unwritable).finally(() => file.close());
      const path = this.#path(stored.sha256);
      await mkdir(join(path, '..'), { recursive: true }).catch(unwritable);
      // Over a file that may be there: it has the same bytes, or is mended.
      await rename(temporary, path).catch(unwritable);
      return stored;
    } catch (error) {
      await rm(temporary, { force: true }).catch(ifNoFolder);
      throw error;
    }
  }

  async get(sha256: string): Promise<Uint8Array> {
    const bytes = await readFile(this.#path(sha256)).catch(ifAbsent);
    if (!bytes) throw this.#absent(sha256);
    if (hash(bytes) !== sha256) throw this.#damaged(sha256);
    return bytes;
  }

  async copyTo(sha256: string, path: string): Promise<void> {
    const digest = createHash('sha256');
    const file = await open(this.#path(sha256)).catch(ifAbsent);
    if (!file) throw this.#absent(sha256);
    await pipeline(
      file.createReadStream(),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          digest.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(path),
    );
    if (digest.digest('hex') !== sha256) throw this.#damaged(sha256);
  }

  readRange(sha256: string, start: number, end: number): Readable {
    return createReadStream(this.#path(sha256), { start, end: end - 1 });
  }

  #absent(sha256: string): ArtifactError {
    return new ArtifactError('absent', `there is no artifact ${sha256} in ${this.folder}`);
  }

  #damaged(sha256: string): ArtifactError {
    const message = `artifact ${sha256} in ${this.folder} no longer has the bytes it was written with`;
    return new ArtifactError('damaged', message);
  }

  #path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new ArtifactError('absent', `"${sha256}" is no sha256`);
    return join(this.folder, sha256.slice(0, 2), sha256);
  }
}

/** Writes and flushes, so that a row in Postgres never names bytes that a power cut took. */
async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes what a source gives and flushes it, hashed on the way. */
async function writeHashed(
  file: FileHandle,
  source: AsyncIterable<Uint8Array>,
  unwritable: (cause: unknown) => never,
): Promise<StoredArtifact> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const chunk of source) {
    digest.update(chunk);
    bytes += chunk.byteLength;
    await file.appendFile(chunk).catch(unwritable);
  }
  await file.sync().catch(unwritable);
  return { sha256: digest.digest('hex'), bytes };
}

function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function ifNoFolder(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTDIR') throw error;
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
