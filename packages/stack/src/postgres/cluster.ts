import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writePrivateFile } from '../data-folder/private-file.js';
import { findPostgres, type PostgresBinaries } from './binaries.js';
import { chooseServerUser, type ServerUser } from './server-user.js';

/** The superuser of the embedded PostgreSQL. */
export const SUPERUSER = 'retort';

/** A pid that no system gives. */
const NOBODYS_PID = 2 ** 31 - 1;

/** One call for the whole file system, where there is one, is much faster than one for each of a thousand files. */
const SYNC = `--sync-method=${process.platform === 'linux' ? 'syncfs' : 'fsync'}`;

/** A PostgreSQL data directory that a server can start on. */
export interface Cluster {
  dataDirectory: string;
  pidFile: string;
  password: string;
  user: ServerUser;
  binaries: PostgresBinaries;
}

/**
 * Opens the PostgreSQL data directory within the data folder; makes it on the first run. A run that is killed while it
 * makes one leaves only a draft, which the next run removes.
 *
 * @param dataDir the data folder, held by this process
 * @param options.sync whether a new data directory must survive a crash of the machine
 */
export async function openCluster(dataDir: string, { sync }: { sync: boolean }): Promise<Cluster> {
  const home = join(dataDir, 'postgres');
  const user = await chooseServerUser((await exists(home)) ? home : dataDir);
  await mkdir(home, { recursive: true });
  const password = await keepPassword(join(home, 'password'));
  await user.own(home);
  const dataDirectory = join(home, 'data');
  const binaries = await findPostgres(join(home, 'libraries'));
  await removeDrafts(home);
  if (!(await exists(dataDirectory))) await initialize({ home, dataDirectory, user, binaries, sync });
  return { dataDirectory, pidFile: join(dataDirectory, 'postmaster.pid'), password, user, binaries };
}

/**
 * Makes PostgreSQL take no notice of the pid in a pid file, which a stranger has got since. The rest of the file stays:
 * by it PostgreSQL finds backends that may have outlived their server.
 */
export async function disownPid(pidFile: string): Promise<void> {
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  await writeFile(pidFile, [NOBODYS_PID, ...lines.slice(1)].join('\n'));
}

async function keepPassword(path: string): Promise<string> {
  if (!(await exists(path))) await writePrivateFile(path, randomBytes(24).toString('base64url'));
  return readFile(path, 'utf8');
}

/** Removes drafts of runs that were killed; an initdb that outlived its run may for a moment still write into one. */
async function removeDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith('data.')) await rm(join(home, name), { recursive: true, maxRetries: 10 });
  }
}

async function initialize({
  home,
  dataDirectory,
  user,
  binaries,
  sync,
}: {
  home: string;
  dataDirectory: string;
  user: ServerUser;
  binaries: PostgresBinaries;
  sync: boolean;
}): Promise<void> {
  const draft = await mkdtemp(join(home, 'data.'));
  await user.own(draft);
  const { command, args, ...ids } = user.as(binaries.initdb, [
    `--pgdata=${draft}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${join(home, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    sync ? SYNC : '--no-sync',
  ]);
  await promisify(execFile)(command, args, { ...ids, env: { ...process.env, ...binaries.env } }).catch(
    async (cause: Error & { stderr?: string }) => {
      await rm(draft, { recursive: true, force: true });
      throw new Error(
        `PostgreSQL's data directory could not be made at ${dataDirectory} by ${user.name}: ${cause.stderr?.trim() || cause.message}. ` +
          'Use another data folder, or set DATABASE_URL to a PostgreSQL that runs.',
        { cause },
      );
    },
  );
  await rename(draft, dataDirectory);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
