import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileHandle } from 'node:fs/promises';

/** Opens a server's log, to be continued; returns what the server writes from now on by `since`. */
export async function openLog(path: string): Promise<{ file: FileHandle; since: () => Promise<string> }> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a');
  const { size } = await stat(path);
  return { file, since: async () => (await readFile(path)).subarray(size).toString('utf8').trim() };
}
