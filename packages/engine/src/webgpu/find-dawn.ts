import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { enginesFolder } from '../install/engines-folder.js';

/** The version of the package `webgpu`, Dawn's bindings to Node, that Retort is tested with. */
export const DAWN_VERSION = '0.6.2';

/** The folder in which `retort engine install webgpu` puts it; it is there only when it is whole. */
export function dawnFolder(): string {
  return join(enginesFolder(), `webgpu-${DAWN_VERSION}-${process.platform}-${process.arch}`);
}

/** What the package calls this machine. */
export function dawnPlatform(): string {
  return process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`;
}

/** The file to import: of the installed engine, else of a package beside this one; undefined where there is neither. */
export function findDawn(): string | undefined {
  const folder = dawnFolder();
  const from = existsSync(folder) ? join(folder, 'package.json') : import.meta.url;
  try {
    return createRequire(from).resolve('webgpu');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
