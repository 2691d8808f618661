import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetError } from '../dataset-error.js';
import { findVerified, hashOf } from '../verified-file.js';
import type { Source } from './source.js';

/**
 * Brings files into a folder, each verified before it has its name there; what an earlier, broken run has brought stays.
 *
 * @param published the sha256 of each file
 * @param sources asked one after the other, until no file is missing
 * @param to.folders where files may be already
 * @param to.target the folder that the others are brought to
 * @param to.tell told in sentences what is tried and what has come
 * @returns the files that were brought now
 * @throws DatasetError where some are missing still, with what each source said
 */
export async function bringFiles(
  published: Readonly<Record<string, string>>,
  sources: readonly Source[],
  { folders, target, tell }: { folders: readonly string[]; target: string; tell: (message: string) => void },
): Promise<string[]> {
  const missing = new Set<string>();
  for (const [file, sha256] of Object.entries(published)) {
    if (!(await findVerified(folders, file, sha256))) missing.add(file);
  }
  const brought: string[] = [];
  const refusals: string[] = [];
  for (const source of sources) {
    const { title } = source;
    if (missing.size === 0) break;
    tell(`asking ${title} for ${[...missing].join(', ')}`);
    await mkdir(target, { recursive: true });
    const scratch = await mkdtemp(join(target, '.fetching-'));
    try {
      for await (const [file, bytes] of source.files(scratch, [...missing])) {
        const actual = hashOf(bytes);
        if (actual !== published[file]) {
          throw new DatasetError(`its ${file} has the sha256 ${actual} instead of ${published[file]}`);
        }
        await writeWhole(target, file, bytes);
        missing.delete(file);
        brought.push(file);
        tell(`${file}: ${bytes.length} bytes, sha256 as published`);
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      refusals.push(`${title}: ${error.message}`);
      tell(`${title} failed: ${error.message}`);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
  if (missing.size === 0) return brought;
  const wanted = [...missing].map((file) => `${file} (sha256 ${published[file]})`).join(', ');
  throw new DatasetError(
    `missing still: ${wanted}. ${refusals.join('. ')}. Run this again, or put the files into ${target} by hand`,
    { reason: 'dataset_unavailable' },
  );
}

/** Writes a file that appears under its name only when it is whole. */
async function writeWhole(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, `.${file}-${randomUUID()}`);
  try {
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, join(folder, file));
  } finally {
    await rm(temporary, { force: true });
  }
}
