import { existsSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dawnFolder, dawnPlatform } from '../webgpu/find-dawn.js';
import { inEnginesFolder } from './in-engines-folder.js';
import { runProgram } from './run-program.js';

/** Dawn's bindings to Node, pinned with their hashes. */
const PACKAGES = fileURLToPath(new URL('../../webgpu/', import.meta.url));

/**
 * Brings Dawn's bindings to Node, the package `webgpu`, to this machine. Whether there is a GPU for them is another
 * question.
 *
 * @param tell told in sentences what is done
 * @returns the folder, and whether they were there already
 * @throws WayClosed where npm cannot get them
 */
export async function installWebgpu(tell: (message: string) => void): Promise<{ folder: string; before: boolean }> {
  return inEnginesFolder(tell, async ({ makeAside, takePlace }) => {
    const folder = dawnFolder();
    if (existsSync(folder)) return { folder, before: true };
    const making = await makeAside();
    for (const file of ['package.json', 'package-lock.json']) await cp(join(PACKAGES, file), join(making, file));
    tell('fetching the package webgpu with npm');
    await runProgram('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: making });
    await keepPlatform(join(making, 'node_modules', 'webgpu', 'dist'));
    await takePlace(making, folder);
    return { folder, before: false };
  });
}

/** The package has the binaries of five platforms, 20 MB each. */
async function keepPlatform(binaries: string): Promise<void> {
  for (const entry of await readdir(binaries)) {
    if (entry !== dawnPlatform()) await rm(join(binaries, entry), { recursive: true });
  }
}
