import { mkdtemp, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identify } from './process-identity.js';

/** Another process runs its servers on the data folder. */
export class StackRunningError extends Error {
  override readonly name = 'StackRunningError';

  constructor(
    readonly pid: number,
    readonly dataDir: string,
  ) {
    super(
      `Retort already runs on the data folder ${dataDir}, as process ${pid}. ` +
        `Use that one, or stop it with "kill ${pid}", or start this one with another data folder.`,
    );
  }
}

/** Holds a data folder; no other process gets it before `release`, or before this process has ended in any way. */
export interface DataFolderLock {
  release(): Promise<void>;
}

/**
 * Takes the data folder for this process.
 *
 * The lock is a folder that holds one file, whose name says which process holds it. Renaming a prepared folder to its
 * place succeeds only while nothing, or an empty folder, lies there; and the file of a dead holder is removed by its
 * own name, so that of several starts that find the same dead holder none can remove the lock of another.
 *
 * @throws StackRunningError
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  const lock = join(dataDir, 'lock');
  const self = await ownHolder();
  const prepared = await mkdtemp(join(dataDir, `lock.${self}.`));
  await writeFile(join(prepared, self), '');
  try {
    while (!(await move(prepared, lock))) await removeDeadHolder(lock, dataDir);
  } catch (error) {
    await rm(prepared, { recursive: true });
    throw error;
  }
  await sweep(dataDir);
  return {
    release: async () => {
      await unlink(join(lock, self));
      await rmdir(lock);
    },
  };
}

async function move(prepared: string, lock: string): Promise<boolean> {
  try {
    await rename(prepared, lock);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function removeDeadHolder(lock: string, dataDir: string): Promise<void> {
  for (const holder of await readdir(lock).catch(ignore('ENOENT', []))) {
    if (await lives(holder)) throw new StackRunningError(pidOf(holder), dataDir);
    await unlink(join(lock, holder)).catch(ignore('ENOENT', undefined));
  }
}

/** Removes what starts that were killed had prepared. */
async function sweep(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const holder = /^lock\.(.+)\.\w{6}$/.exec(name)?.[1];
    if (holder !== undefined && !(await lives(holder))) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

async function ownHolder(): Promise<string> {
  const name = await holderName(process.pid);
  if (name === undefined) throw new Error(`The start of this process, ${process.pid}, could not be found.`);
  return name;
}

async function lives(holder: string): Promise<boolean> {
  return holder === (await holderName(pidOf(holder)));
}

async function holderName(pid: number): Promise<string | undefined> {
  const identity = await identify(pid);
  return identity && `${pid}@${identity.startedAt.replaceAll(/[^\w:-]/g, '_')}`;
}

function pidOf(holder: string): number {
  return Number.parseInt(holder, 10);
}

function ignore<T>(code: string, value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === code) return value;
    throw error;
  };
}
