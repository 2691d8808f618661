import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import lockfile from 'proper-lockfile';
import { enginesFolder } from './engines-folder.js';

const MAKING = '.making-';
const REMOVED = '.removed-';

/** The folder of engines, while one run alone changes it. */
export interface EnginesSite {
  readonly root: string;
  /** A new folder beside the engines' places; it is removed at the end, unless it has taken one of them. */
  readonly makeAside: () => Promise<string>;
  /** Gives what was made aside its place; what lay there gets out of its way. */
  readonly takePlace: (made: string, place: string) => Promise<void>;
}

/**
 * Changes the folder of engines: one run goes on at a time, and others wait for it.
 *
 * What is made aside takes its place by being renamed: whenever a run is broken off, the next one finds a whole engine or
 * none, and removes what is left.
 *
 * @param tell told in a sentence where another run is waited for
 * @throws Error where this user cannot write the folder
 */
export async function inEnginesFolder<Result>(
  tell: (message: string) => void,
  work: (site: EnginesSite) => Promise<Result>,
): Promise<Result> {
  const root = enginesFolder();
  await makeRoot(root);
  const release = await lock(root, tell);
  try {
    await sweep(root);
    return await work({ root, makeAside: () => mkdtemp(join(root, MAKING)), takePlace });
  } finally {
    await sweep(root);
    await release();
  }
}

async function makeRoot(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
    await access(root, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Error(
      `The folder of engines ${root} cannot be written by this user (${code ?? message}). ` +
        'Set RETORT_ENGINES to one that this user may write, here and for the workers.',
      { cause },
    );
  }
}

async function lock(root: string, tell: (message: string) => void): Promise<() => Promise<void>> {
  const options = { lockfilePath: join(root, 'installing.lock'), stale: 30_000, update: 5_000 };
  try {
    return await lockfile.lock(root, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    tell('another run installs an engine, or was killed less than half a minute ago: waiting for it');
    return lockfile.lock(root, { ...options, retries: { forever: true, minTimeout: 1_000, maxTimeout: 1_000 } });
  }
}

/** Removes what runs that were broken off have left; to be called with the lock held. */
async function sweep(root: string): Promise<void> {
  for (const entry of await readdir(root)) {
    if ([MAKING, REMOVED].some((prefix) => entry.startsWith(prefix))) {
      await rm(join(root, entry), { recursive: true, force: true });
    }
  }
}

async function takePlace(made: string, place: string): Promise<void> {
  const aside = join(place, '..', `${REMOVED}${basename(place)}`);
  await rename(place, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(made, place);
}
