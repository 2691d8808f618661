import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compileAddon, findCompiler } from '../compile-addon.js';
import { downloadCommand, fetchWheel, verifyWheel } from '../fetch-wheel.js';
import { findLibtensorflow } from '../find-libtensorflow.js';
import { unpackWheel } from '../unpack-wheel.js';
import { WayClosed, type Site, type Way } from '../way.js';
import { WHEELS, type Wheel } from '../wheels.js';

/** The parts of the wheels that are used: the two libraries with the C API and its headers, and the CUDA libraries. */
const PARTS = [
  /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/,
  /^tensorflow\/THIRD_PARTY_NOTICES\.txt$/,
  /^tensorflow\/include\/tensorflow\/(c|core\/platform)\/.*\.h$/,
  /^tensorflow\/include\/(xla\/)?tsl\/(c|platform)\/.*\.h$/,
  /^nvidia\/\w+\/lib\/[^/]+\.so[.\d]*$/,
];

/** The CUDA libraries that TensorFlow looks for by these names when it meets a GPU. */
const CUDA_LIBRARY =
  /^lib(cudart|cublas|cublasLt|cudnn|cufft|curand|cusolver|cusparse|nvJitLink|nvrtc|nccl|cupti)\.so\.\d+$/;

/**
 * The official wheel of TensorFlow, whose C API is that of libtensorflow, with the addon compiled on it.
 *
 * The CUDA build has not been run by Retort's authors: they had neither its wheels nor a GPU.
 *
 * @param given a TensorFlow wheel that a person has brought, or a folder with wheels; pip brings the others
 */
export function wheel(given?: string): Way {
  return {
    name: 'wheel',
    title: 'the official wheel of TensorFlow',
    async take(site) {
      checkPlatform();
      await findCompiler(); // before a download that would be for nothing
      const { tensorflow, cuda } = WHEELS[site.name];
      for (const each of [tensorflow, ...cuda]) {
        const path = await bring(each, site, given);
        site.tell(`unpacking ${each.file}, sha256 as published`);
        await unpackWheel(path, site.folder, (part) => PARTS.some((wanted) => wanted.test(part)));
      }
      const found = findLibtensorflow(join(site.folder, 'tensorflow'));
      if (typeof found === 'string') throw new WayClosed(found);
      await compileAddon(site, found, await cudaLibraries(site));
      await rm(found.include, { recursive: true });
      return tensorflow.file;
    },
  };
}

function checkPlatform(): void {
  const here = `${process.platform} ${process.arch}`;
  if (here !== 'linux x64') throw new WayClosed(`its wheel is for linux x64, and this is ${here}`);
}

async function bring(wheel: Wheel, { name, downloads, tell }: Site, given?: string): Promise<string> {
  const path = given === undefined ? undefined : await givenPath(wheel, given, wheel === WHEELS[name].tensorflow);
  if (path !== undefined) {
    await verifyWheel(wheel, path);
    return path;
  }
  return fetchWheel(wheel, downloads, tell).catch((error: unknown) => {
    if (!(error instanceof WayClosed)) throw error;
    const help = `where there is a network, \`${downloadCommand(wheel)}\` brings it; then name it with --wheel <file>`;
    throw new WayClosed(`${error.message}; ${help}`, { cause: error });
  });
}

/** The path of a wheel among what a person gave; a file is meant to be TensorFlow's. */
async function givenPath(wheel: Wheel, given: string, isTensorflow: boolean): Promise<string | undefined> {
  if (!existsSync(given)) throw new WayClosed(`there is no ${given}`);
  if (!(await stat(given)).isDirectory()) return isTensorflow ? given : undefined;
  const path = join(given, wheel.file);
  return existsSync(path) ? path : undefined;
}

async function cudaLibraries({ folder }: Site): Promise<string[]> {
  const root = join(folder, 'nvidia');
  if (!existsSync(root)) return [];
  const files = await readdir(root, { recursive: true, withFileTypes: true });
  return files.filter(({ name }) => CUDA_LIBRARY.test(name)).map((file) => join(file.parentPath, file.name));
}
