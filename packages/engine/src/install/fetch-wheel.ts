import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { answers, runProgram } from './run-program.js';
import { WayClosed } from './way.js';
import type { Wheel } from './wheels.js';

const PYTHONS = ['python3', 'python'];
const PARTIAL = '.fetching-';

/**
 * Brings a wheel into a folder with pip, unless an earlier run has brought it. It has its name there only when its
 * sha256 is the published one.
 *
 * @returns its path
 * @throws WayClosed where there is no Python with pip, pip cannot get the wheel, or its bytes are others
 */
export async function fetchWheel(wheel: Wheel, folder: string, tell: (message: string) => void): Promise<string> {
  const path = join(folder, wheel.file);
  if (existsSync(path)) {
    tell(`${wheel.file} is here from an earlier run`);
    await verifyWheel(wheel, path).catch(async (error: unknown) => {
      if (!(error instanceof WayClosed)) throw error;
      tell(`${error.message}: it is fetched again`);
      await rm(path);
    });
    if (existsSync(path)) return path;
  }
  const python = await findPip();
  await mkdir(folder, { recursive: true });
  await removePartial(folder);
  const scratch = await mkdtemp(join(folder, PARTIAL));
  try {
    tell(`fetching ${wheel.file} with pip`);
    await runProgram(python, ['-m', 'pip', ...downloadArguments(wheel), '--dest', scratch]);
    const fetched = join(scratch, wheel.file);
    if (!existsSync(fetched)) throw new WayClosed(`pip has not brought ${wheel.file}`);
    await verifyWheel(wheel, fetched);
    await rename(fetched, path);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return path;
}

/** Removes what a run that was killed had begun to fetch: pip does not go on with it. */
async function removePartial(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (entry.startsWith(PARTIAL)) await rm(join(folder, entry), { recursive: true });
  }
}

/** @throws WayClosed where a file is not the wheel that was published */
export async function verifyWheel({ file, sha256 }: Wheel, path: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest('hex');
  if (actual !== sha256) throw new WayClosed(`${path} is not ${file}: its sha256 is ${actual} instead of ${sha256}`);
}

/** The command line with which a person brings a wheel by hand. */
export function downloadCommand(wheel: Wheel): string {
  return `python3 -m pip ${downloadArguments(wheel).join(' ')}`;
}

/** Asks for the one file, whatever Python pip runs under. */
function downloadArguments({ project, version, file }: Wheel): string[] {
  const [python, abi, platforms] = file.slice(0, -'.whl'.length).split('-').slice(-3) as [string, string, string];
  return [
    ...['download', '--no-deps', '--only-binary=:all:', '--abi', abi],
    ...['--implementation', python.slice(0, 2), '--python-version', python.slice(2)],
    ...platforms.split('.').flatMap((platform) => ['--platform', platform]),
    `${project}==${version}`,
  ];
}

async function findPip(): Promise<string> {
  for (const python of PYTHONS) if (await answers(python, ['-m', 'pip', '--version'])) return python;
  throw new WayClosed(`there is no Python with pip (${PYTHONS.map((name) => `\`${name} -m pip\``).join(', ')})`);
}
