import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { extract } from 'tar';
import { DatasetError } from '../dataset-error.js';
import type { Source } from './source.js';

const decompress = promisify(gunzip);
/** Milliseconds in which a mirror must begin to answer. */
const ANSWER_LIMIT_MS = 30_000;

/** The official place of a dataset, with each of its files packed by gzip. */
export function mirror(base: string): Source {
  return {
    title: base,
    async *files(scratch, wanted) {
      for (const file of wanted) {
        const packed = join(scratch, `${file}.gz`);
        await download(new URL(`${file}.gz`, base), packed);
        yield [file, await decompress(await readFile(packed))];
      }
    },
  };
}

/** The official place of a dataset whose files are in one archive, in a folder of it. */
export function mirrorArchive(url: string): Source {
  return {
    title: url,
    async *files(scratch, wanted) {
      const archive = join(scratch, 'archive.tar.gz');
      await download(new URL(url), archive);
      const folder = join(scratch, 'unpacked');
      await mkdir(folder);
      await extract({ file: archive, cwd: folder, strip: 1 });
      for (const file of wanted) yield [file, await readFile(join(folder, file))];
    },
  };
}

async function download(url: URL, path: string): Promise<void> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), ANSWER_LIMIT_MS);
  const response = await fetch(url, { signal: waiting.signal })
    .catch((cause: unknown) => {
      throw new DatasetError(`${url.host} does not answer`, { cause });
    })
    .finally(() => clearTimeout(timer));
  if (!response.ok || !response.body) throw new DatasetError(`${url.href} answered ${response.status}`);
  await pipeline(Readable.from(response.body), createWriteStream(path));
}
