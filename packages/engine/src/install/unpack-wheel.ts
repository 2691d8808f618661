import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';

/**
 * Unpacks of a wheel what `wanted` says, under its own paths.
 *
 * @param wanted of a path within the wheel
 */
export async function unpackWheel(wheel: string, target: string, wanted: (path: string) => boolean): Promise<void> {
  // yauzl refuses names that lead out of the folder.
  const zip = await yauzl.openPromise(wheel, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/') || !wanted(entry.fileName)) continue;
      const path = join(target, entry.fileName);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
    }
  } finally {
    zip.close();
  }
}
