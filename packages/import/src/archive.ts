import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { ImportError } from './import-error.js';

/** More bytes than this in one archive are refused before they are unpacked. */
const MAX_BYTES = 2 ** 31;

/** The files of a zip archive, by name. */
export type Archive = ReadonlyMap<string, Uint8Array>;

/**
 * Unpacks a zip archive.
 *
 * @param what the format that was promised, for the error
 * @throws ImportError when it is none, is damaged, or holds more than 2 GiB
 */
export async function unpack(bytes: Uint8Array, what: string): Promise<Archive> {
  try {
    const zip = await yauzl.fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const entries = [];
    let total = 0;
    for await (const entry of zip.eachEntry()) {
      total += entry.uncompressedSize;
      if (total > MAX_BYTES) throw new RangeError(`it holds more than ${MAX_BYTES} bytes`);
      if (!entry.fileName.endsWith('/')) entries.push(entry);
    }
    const files = new Map<string, Uint8Array>();
    for (const entry of entries) files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
    return files;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ImportError(`the file is no zip archive that can be read (${why}); a ${what} file is one`, { cause });
  }
}

/** The JSON in a file of an archive. */
export function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ImportError(`${name} is no JSON: ${(cause as Error).message}`, { cause });
  }
}
