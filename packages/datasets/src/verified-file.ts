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
 */
export async function readVerified(folders: readonly string[], file: string, sha256: string): Promise<Uint8Array> {
  for (const folder of folders) {
    const path = join(folder, file);
    const plain = await readFile(path).catch(ifAbsent);
    const packed = plain ? undefined : await readFile(`${path}.gz`).catch(ifAbsent);
    const bytes = plain ?? (packed && (await decompress(packed)));
    if (!bytes) continue;
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (actual === sha256) return bytes;
    throw new DatasetError(`${path} is not the published file: its sha256 is ${actual}, and should be ${sha256}`);
  }
  throw new DatasetError(`${file} (or ${file}.gz) is in none of ${folders.join(', ')}`);
}

function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
