import { readFile } from 'node:fs/promises';
import { identify } from '../data-folder/process-identity.js';
import { endProcess } from './end-process.js';

/**
 * Ends a server that was left running when Retort and its guard were killed.
 *
 * @param pidFile where the server wrote its pid, on the first line
 * @param folder the server's data folder, which its command line names: a process that does not name it is a stranger
 *   who got the pid later, and is let alone
 * @returns whether the pid in the file now belongs to a stranger
 */
export async function endOrphan(
  pidFile: string,
  folder: string,
  stopSignals: readonly NodeJS.Signals[],
): Promise<{ pidTaken: boolean }> {
  const text = await readFile(pidFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const pid = Number.parseInt(text, 10);
  const owner = pid > 0 ? await identify(pid) : undefined;
  if (owner === undefined) return { pidTaken: false };
  if (!` ${owner.command} `.includes(` ${folder} `)) return { pidTaken: true };
  await endProcess(pid, stopSignals);
  return { pidTaken: false };
}
