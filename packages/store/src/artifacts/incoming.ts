import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isDiskFull } from '@retort/contracts';
import { ArtifactError, type StoredArtifact } from './artifact-store.js';

/** Files that are being written, until all of their bytes are there. */
export class Incoming {
  constructor(readonly folder: string) {}

  /**
   * Writes bytes to a file of their own and flushes it, so that nothing names bytes which a power cut took.
   *
   * @param use takes the file, to move it or to send it on; what it leaves is removed
   * @throws ArtifactError where the file cannot be written; errors of the source and of `use` pass through
   */
  async receive<T>(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    use: (artifact: StoredArtifact, path: string) => Promise<T>,
  ): Promise<T> {
    const path = join(this.folder, randomUUID());
    const failed = (cause: unknown): never => {
      throw cannotWrite(this.folder, cause);
    };
    try {
      await mkdir(this.folder, { recursive: true }).catch(failed);
      const file = await open(path, 'wx').catch(failed);
      const artifact = await writeHashed(file, source, failed).finally(() => file.close());
      return await use(artifact, path);
    } finally {
      await rm(path, { force: true }).catch(ifNoFolder);
    }
  }

  /**
   * Removes the files of writers that were killed.
   *
   * @param olderThanSeconds how long nothing has been written to a file, by the clock of the file system
   * @returns how many there were
   */
  async sweep(olderThanSeconds: number): Promise<number> {
    return this.receive([], async (_artifact, probe) => {
      const { mtimeMs: now } = await stat(probe);
      let swept = 0;
      for (const name of await readdir(this.folder)) {
        const path = join(this.folder, name);
        const written = await stat(path).catch(ifAbsent);
        if (!written || path === probe || now - written.mtimeMs < olderThanSeconds * 1000) continue;
        await rm(path, { force: true });
        swept++;
      }
      return swept;
    });
  }
}

/** The error of a folder that does not take a file. */
export function cannotWrite(folder: string, cause: unknown): ArtifactError {
  if (cause instanceof ArtifactError) return cause;
  if (isDiskFull(cause)) {
    const message = `the disk of ${folder} is full: nothing can be written there until there is room`;
    return new ArtifactError('full', message, { cause });
  }
  const message = `artifacts cannot be written to ${folder}: ${(cause as Error).message}`;
  return new ArtifactError('unwritable', message, { cause });
}

/** Flushes what a folder says of its files, as a rename does not by itself. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

export function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function writeHashed(
  file: FileHandle,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  failed: (cause: unknown) => never,
): Promise<StoredArtifact> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const chunk of source) {
    digest.update(chunk);
    bytes += chunk.byteLength;
    await file.appendFile(chunk).catch(failed);
  }
  await file.sync().catch(failed);
  return { sha256: digest.digest('hex'), bytes };
}

function ifNoFolder(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTDIR') throw error;
}
