import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What tells one process from a later one that got the same pid. */
export interface ProcessIdentity {
  /** The moment of its start, as an opaque text: equal texts mean the same process. */
  startedAt: string;
  /** Its command line, arguments parted by spaces. */
  command: string;
}

/**
 * Looks a process up.
 *
 * @returns undefined where no process has that pid, or it has ended and only waits to be reaped
 */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  return process.platform === 'linux' ? identifyByProc(pid) : identifyByPs(pid);
}

async function identifyByProc(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const [stat, commandLine, bootId] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // proc_pid_stat(5): the second field, the name in parentheses, may hold spaces; the state is the third,
    // the start in clock ticks since boot the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    return { startedAt: `${bootId.trim()}:${fields[19]}`, command: commandLine.replaceAll('\0', ' ').trim() };
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

async function identifyByPs(pid: number): Promise<ProcessIdentity | undefined> {
  const columns = ['-o', 'stat=', '-o', 'lstart=', '-o', 'args='];
  const ps = promisify(execFile)('ps', ['-ww', ...columns, '-p', String(pid)], { env: { LC_ALL: 'C' } });
  const { stdout } = await ps.catch((error: { code?: unknown }) => {
    if (error.code === 1) return { stdout: '' }; // what ps says of a pid that it does not find
    throw error;
  });
  // As in "S    Sun Nov 22 23:00:43 2026 node main.js".
  const [, state, startedAt, command] = /^(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(stdout.trim()) ?? [];
  if (state === undefined || state.startsWith('Z')) return undefined;
  return { startedAt: startedAt!, command: command! };
}
