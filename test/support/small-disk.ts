import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether this process may mount a file system. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/** A disk of a few MiB that can be filled and cleared. */
export interface SmallDisk {
  /** Leaves not a byte free. */
  fill(): Promise<void>;
  clear(): Promise<void>;
  unmount(): Promise<void>;
}

/** Mounts a disk in memory at a path. */
export async function mountSmallDisk(path: string, mib: number): Promise<SmallDisk> {
  await mkdir(path, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'none', path]);
  const filler = join(path, 'filler');
  return {
    async fill() {
      for (let chunk = 2 ** 20; chunk >= 1; chunk /= 4) {
        const bytes = Buffer.alloc(chunk);
        for (let room = true; room;) {
          room = await writeFile(filler, bytes, { flag: 'a' }).then(
            () => true,
            (error: NodeJS.ErrnoException) => {
              if (error.code !== 'ENOSPC') throw error;
              return false;
            },
          );
        }
      }
    },
    clear: () => rm(filler),
    unmount: async () => {
      await run('umount', [path]);
    },
  };
}
