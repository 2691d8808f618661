import { readFile } from 'node:fs/promises';

/** The peak of a process's resident memory in MiB, as Linux keeps it; undefined on other systems. */
export async function peakMiB(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
}
