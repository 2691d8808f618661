import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TensorflowPackage } from '../backends/tensorflow.js';
import { probeEngine } from '../describe-engines.js';
import { engineFolderName, installedEngine } from './engines-folder.js';
import { inEnginesFolder } from './in-engines-folder.js';
import { answers, runProgram } from './run-program.js';
import { WayClosed, type Site, type Way } from './way.js';

/** What is written down in an engine's folder of how it came there. */
interface Origin {
  readonly way: string;
  readonly libtensorflow: string;
}

/** An engine could not be installed; the message says for each way what is missing. */
export class InstallError extends Error {
  override readonly name = 'InstallError';
}

/** How an engine came to be here. */
export interface Installed extends Origin {
  readonly folder: string;
  /** Whether it was here already. */
  readonly before: boolean;
}

/** The packages of an engine, pinned with their hashes; without libtensorflow and the addon on it. */
const PACKAGES = fileURLToPath(new URL('../../tfjs-node/', import.meta.url));
const PACKAGE_FILES = ['package.json', 'package-lock.json', 'tfjs', 'tfjs-core'];
const DOWNLOADS = 'downloads';
const ORIGIN = 'engine.json';

/**
 * Installs an engine by the first way that is open and gives one that computes rightly.
 *
 * It is made in a folder beside its future place, and tried there. Of two runs at once the second waits, and then finds
 * the engine of the first.
 *
 * @param ways in the order in which they are tried
 * @param options.again whether an engine that is here, but came by none of these ways, is to be replaced
 * @param options.tell told in sentences what is tried and what has come
 * @throws InstallError
 */
export async function installEngine(
  name: TensorflowPackage,
  ways: readonly Way[],
  { again, tell }: { again: boolean; tell: (message: string) => void },
): Promise<Installed> {
  if (name === 'tfjs-node-gpu') await requireGpu();
  return inEnginesFolder(tell, async ({ root, makeAside, takePlace }) => {
    const before = await findWorking(name, tell);
    if (before && (!again || ways.some((way) => way.name === before.way))) return { ...before, before: true };
    const making = await makeAside();
    const packages = await fetchPackages(join(making, 'packages'), tell);
    const failures: string[] = [];
    for (const way of ways) {
      tell(`trying ${way.title}`);
      const site = {
        name,
        folder: join(making, way.name, engineFolderName(name)),
        downloads: join(root, DOWNLOADS),
        tell,
      };
      try {
        await cp(packages, site.folder, { recursive: true, verbatimSymlinks: true });
        const origin = await make(way, site);
        const folder = join(root, engineFolderName(name));
        await takePlace(site.folder, folder);
        await rm(site.downloads, { recursive: true, force: true });
        return { ...origin, folder, before: false };
      } catch (error) {
        if (!(error instanceof WayClosed)) throw error;
        failures.push(`${way.title}: ${error.message}`);
        tell(`not open: ${error.message}`);
      }
    }
    throw new InstallError(`${name} could not be installed.\n${failures.map((line) => `- ${line}`).join('\n')}`);
  });
}

/** Says that there is no GPU before gigabytes are fetched for it. */
async function requireGpu(): Promise<void> {
  if (await answers('nvidia-smi', ['-L'])) return;
  throw new InstallError(
    'tfjs-node-gpu needs an NVIDIA GPU, and `nvidia-smi -L` shows none here: install the driver of the card, or leave ' +
      'out --gpu. The engine for a CPU is not taken in its place.',
  );
}

async function findWorking(
  name: TensorflowPackage,
  tell: (message: string) => void,
): Promise<(Origin & { folder: string }) | undefined> {
  const folder = installedEngine(name);
  if (!folder) return undefined;
  const report = await probeEngine(name);
  if (report.usable) return { ...(JSON.parse(await readFile(join(folder, ORIGIN), 'utf8')) as Origin), folder };
  tell(`${folder} is there but of no use (${report.why}): it is made anew`);
  return undefined;
}

/** The JavaScript and the C++ of tfjs-node and what they need; npm checks every hash. */
async function fetchPackages(folder: string, tell: (message: string) => void): Promise<string> {
  tell('fetching the packages of the engine with npm');
  await mkdir(folder);
  for (const file of PACKAGE_FILES) await cp(join(PACKAGES, file), join(folder, file), { recursive: true });
  try {
    await runProgram('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  } catch (error) {
    if (!(error instanceof WayClosed)) throw error;
    throw new InstallError(`npm cannot get the packages of the engine: ${error.message}`, { cause: error });
  }
  return folder;
}

/** Takes a way, and tries the engine where it was made. */
async function make(way: Way, site: Site): Promise<Origin> {
  const origin = { way: way.name, libtensorflow: await way.take(site) };
  site.tell('checking that it computes rightly');
  const report = await probeEngine(site.name, { environment: { RETORT_ENGINES: dirname(site.folder) } });
  if (!report.usable) throw new WayClosed(`what it made is of no use here: ${report.why}`);
  await writeFile(join(site.folder, ORIGIN), JSON.stringify(origin));
  return origin;
}
