import type { UploadContents } from '@retort/contracts';
import { DatasetError } from '../dataset-error.js';
import { readIdxHeader } from '../idx.js';
import { readStart, type ByteSource } from './byte-source.js';
import { isNpy, MAX_NPY_HEADER, readNpyHeader } from './npy.js';
import { Npz } from './npz.js';

/** Arrays that are described of one file. */
const MAX_ARRAYS = 256;

/** Says which arrays a file holds, from their headers alone; a file that holds none, or is damaged, is `other`. */
export async function describeUpload(source: ByteSource): Promise<UploadContents> {
  try {
    return await describe(source);
  } catch (error) {
    if (error instanceof DatasetError) return { format: 'other', arrays: [] };
    throw error;
  }
}

async function describe(source: ByteSource): Promise<UploadContents> {
  const start = await readStart(source, MAX_NPY_HEADER);
  if (isNpy(start)) {
    const { shape, dtype } = readNpyHeader(start, 'the file');
    return { format: 'npy', arrays: [{ name: '', shape: [...shape], dtype }] };
  }
  if (Buffer.from(start.subarray(0, 4)).toString('latin1') === 'PK\u0003\u0004') {
    const npz = await Npz.open(source, 'the file');
    const arrays = [];
    for (const name of npz.names.slice(0, MAX_ARRAYS)) {
      const { shape, dtype } = await npz.header(name);
      arrays.push({ name, shape: [...shape], dtype });
    }
    return { format: arrays.length > 0 ? 'npz' : 'other', arrays };
  }
  const { shape } = readIdxHeader(start, 'the file');
  return { format: 'idx', arrays: [{ name: '', shape: [...shape], dtype: 'uint8' }] };
}
