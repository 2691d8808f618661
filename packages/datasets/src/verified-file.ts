import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DatasetError } from './dataset-error.js';

const decompress = promisify(gunzip);

/**
 * The first of these files that exists, or its `.gz`, checked against the sha256 of its decompressed bytes.
 *
 * A file that is there but wrong is an error, never a reason to look further: a person who put it there must know.
 *
 * @param folders where to look, in this order
 * @returns its decompressed bytes; undefined where no folder has it
 * @throws DatasetError where it is wrong
 */
export async function findVerified(
  folders: readonly string[],
  file: string,
  sha256: string,
): Promise<Uint8Array | undefined> {
  for (const folder of folders) {
    const path = join(folder, file);
    const plain = await readFile(path).catch(ifAbsent);
    const packed = plain ? undefined : await readFile(`${path}.gz`).catch(ifAbsent);
    const bytes = plain ?? (packed && (await decompress(packed)));
    if (!bytes) continue;
    const actual = hashOf(bytes);
    if (actual === sha256) return bytes;
    const message = `${path} is not the published file: its sha256 is ${actual}, and should be ${sha256}`;
    throw new DatasetError(message, { reason: 'dataset_unavailable' });
  }
  return undefined;
}

/**
 * As `findVerified`, for a file that has to be there.
 *
 * @throws DatasetError where it is wrong, or in none of the folders
 */
export async function readVerified(folders: readonly string[], file: string, sha256: string): Promise<Uint8Array> {
  const bytes = await findVerified(folders, file, sha256);
  if (bytes) return bytes;
  const places = folders.length > 0 ? `is in none of ${folders.join(', ')}` : 'was looked for in no folder';
  throw new DatasetError(`${file} (or ${file}.gz) ${places}`, { reason: 'dataset_unavailable' });
}

/** The sha256 of bytes, in hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
