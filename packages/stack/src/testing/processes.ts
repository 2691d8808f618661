import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { identify } from '../data-folder/process-identity.js';

/** Finds the processes whose command line holds a text, except this one. */
export async function findProcesses(text: string): Promise<number[]> {
  const pids = (await allPids()).filter((pid) => pid !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => ((await identify(pid))?.command.includes(text) ? [pid] : [])),
  );
  return found.flat();
}

async function allPids(): Promise<number[]> {
  const names =
    process.platform === 'linux'
      ? await readdir('/proc')
      : (await promisify(execFile)('ps', ['-Ao', 'pid='])).stdout.split('\n');
  return names.map(Number).filter((pid) => pid > 0);
}
