import { readFile, readdir } from 'node:fs/promises';

/** The processes whose parent is this one, read from the kernel's table. */
export async function childrenOf(parent: number): Promise<number[]> {
  const stats = await Promise.all((await allPids()).map(async (pid) => ({ pid, parent: await parentOf(pid) })));
  return stats.filter((stat) => stat.parent === parent).map(({ pid }) => pid);
}

/** The processes that were started with this text in their environment. */
export async function processesWith(text: string): Promise<number[]> {
  const environments = await Promise.all(
    (await allPids()).map(async (pid) => ({ pid, environment: await read(pid, 'environ') })),
  );
  return environments.filter(({ environment }) => environment.includes(text)).map(({ pid }) => pid);
}

/** Bytes of memory that a process holds; undefined where there is none. */
export async function residentMemory(pid: number): Promise<number | undefined> {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await read(pid, 'status'));
  return kilobytes ? Number(kilobytes[1]) * 1024 : undefined;
}

async function parentOf(pid: number): Promise<number> {
  const stat = await read(pid, 'stat');
  // After the name in parentheses, which may hold spaces, come the state and the parent.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

async function allPids(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** A file of the kernel's about a process; empty where the process has gone. */
function read(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}

/** Those of these processes that run; what has ended, and its parent has not asked for yet, does not. */
export async function running(pids: readonly number[]): Promise<number[]> {
  const stats = await Promise.all(pids.map((pid) => read(pid, 'stat')));
  return pids.filter((_, index) => stats[index] !== '' && !/\) Z /.test(stats[index]!));
}
