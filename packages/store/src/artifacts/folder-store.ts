import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
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

  async get(sha256: string): Promise<Uint8Array> {
    const bytes = await readFile(this.#path(sha256)).catch(ifAbsent);
    if (!bytes) throw new ArtifactError('absent', `there is no artifact ${sha256} in ${this.folder}`);
    if (hash(bytes) !== sha256) {
      throw new ArtifactError(
        'damaged',
        `artifact ${sha256} in ${this.folder} no longer has the bytes it was written with`,
      );
    }
    return bytes;
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

function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function ifNoFolder(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTDIR') throw error;
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
