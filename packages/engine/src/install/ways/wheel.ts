import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { compileAddon, findCompiler } from '../compile-addon.js';
import { downloadCommand, fetchWheel, verifyWheel } from '../fetch-wheel.js';
import { findLibtensorflow } from '../find-libtensorflow.js';
import { unpackWheel } from '../unpack-wheel.js';
import { WayClosed, type Way } from '../way.js';
import { TENSORFLOW_CPU } from '../wheels.js';

/** The parts of a wheel that hold the C API: its two libraries, and the headers that the addon includes. */
const PARTS = [
  /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/,
  /^tensorflow\/THIRD_PARTY_NOTICES\.txt$/,
  /^tensorflow\/include\/tensorflow\/(c|core\/platform)\/.*\.h$/,
  /^tensorflow\/include\/(xla\/)?tsl\/(c|platform)\/.*\.h$/,
];

/**
 * The official wheel of TensorFlow, whose C API is that of libtensorflow, with the addon compiled on it.
 *
 * @param given a wheel that a person has brought; else pip brings it
 */
export function wheel(given?: string): Way {
  return {
    name: 'wheel',
    title: `the official wheel of ${TENSORFLOW_CPU.project} ${TENSORFLOW_CPU.version}`,
    async take(site) {
      checkPlatform();
      await findCompiler(); // before a download that would be for nothing
      if (given !== undefined) await verifyWheel(TENSORFLOW_CPU, given);
      const path = given ?? (await fetchWheel(TENSORFLOW_CPU, site.downloads, site.tell).catch(withHelp));
      site.tell(`unpacking ${basename(path)}, sha256 as published`);
      await unpackWheel(path, site.folder, (part) => PARTS.some((wanted) => wanted.test(part)));
      const found = findLibtensorflow(join(site.folder, 'tensorflow'));
      if (typeof found === 'string') throw new WayClosed(found);
      await compileAddon(site, found);
      await rm(found.include, { recursive: true });
      return TENSORFLOW_CPU.file;
    },
  };
}

function checkPlatform(): void {
  const here = `${process.platform} ${process.arch}`;
  if (here !== 'linux x64') throw new WayClosed(`its wheel is for linux x64, and this is ${here}`);
}

function withHelp(error: unknown): never {
  if (!(error instanceof WayClosed)) throw error;
  const help = `Where there is a network, \`${downloadCommand(TENSORFLOW_CPU)}\` brings it; then name it with --wheel <file>`;
  throw new WayClosed(`${error.message}. ${help}`, { cause: error });
}
