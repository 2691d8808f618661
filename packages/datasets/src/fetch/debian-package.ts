import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DatasetError } from '../dataset-error.js';
import type { Source } from './source.js';
import { runCommand } from './run-command.js';

const decompress = promisify(gunzip);

/**
 * The `.gz` files of a Debian package, downloaded and unpacked without installing it, so that no root is needed.
 *
 * @param folder where the package has them
 */
export function debianPackage(name: string, folder: string): Source {
  return {
    title: `the Debian package ${name}`,
    async *files(scratch, wanted) {
      await runCommand('apt-get', ['download', name], scratch);
      const archive = (await readdir(scratch)).find((file) => file.endsWith('.deb'));
      if (!archive) throw new DatasetError(`apt-get download ${name} has left no .deb file`);
      await runCommand('dpkg-deb', ['-x', archive, 'unpacked'], scratch);
      for (const file of wanted) {
        yield [file, await decompress(await readFile(join(scratch, 'unpacked', folder, `${file}.gz`)))];
      }
    },
  };
}
