import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import lockfile from 'proper-lockfile';
import { dawnFolder, dawnPlatform } from '../webgpu/find-dawn.js';
import { enginesFolder } from './engines-folder.js';
import { runProgram } from './run-program.js';

/** Dawn's bindings to Node, pinned with their hashes. */
const PACKAGES = fileURLToPath(new URL('../../webgpu/', import.meta.url));
const MAKING = '.webgpu-';

/**
 * Brings Dawn's bindings to Node, the package `webgpu`, to this machine. Whether there is a GPU for them is another
 * question.
 *
 * They are made in a folder beside their future place, and take it by being renamed: whenever a run is broken off, the
 * next one finds them whole or not at all.
 *
 * @returns the folder, and whether they were there already
 * @throws WayClosed where npm cannot get them
 */
export async function installWebgpu(): Promise<{ folder: string; before: boolean }> {
  const root = enginesFolder();
  await mkdir(root, { recursive: true });
  const release = await lockfile.lock(root, {
    lockfilePath: join(root, 'installing-webgpu.lock'),
    retries: { forever: true, minTimeout: 1_000, maxTimeout: 1_000 },
  });
  try {
    await sweep(root);
    const folder = dawnFolder();
    if (existsSync(folder)) return { folder, before: true };
    const making = await mkdtemp(join(root, MAKING));
    for (const file of ['package.json', 'package-lock.json']) await cp(join(PACKAGES, file), join(making, file));
    await runProgram('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: making });
    await keepPlatform(join(making, 'node_modules', 'webgpu', 'dist'));
    await rename(making, folder);
    return { folder, before: false };
  } finally {
    await sweep(root);
    await release();
  }
}

/** Removes what runs that were broken off have left; to be called with the lock held. */
async function sweep(root: string): Promise<void> {
  for (const entry of await readdir(root)) {
    if (entry.startsWith(MAKING)) await rm(join(root, entry), { recursive: true, force: true });
  }
}

/** The package has the binaries of five platforms, 20 MB each. */
async function keepPlatform(binaries: string): Promise<void> {
  for (const entry of await readdir(binaries)) {
    if (entry !== dawnPlatform()) await rm(join(binaries, entry), { recursive: true });
  }
}
