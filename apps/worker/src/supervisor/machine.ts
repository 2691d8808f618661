import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** What a machine, or the part of it that this process may use, has for compute children. */
export interface Machine {
  readonly cores: number;
  /** Cores' worth of time that the process's control groups grant; absent where they set no bound. */
  readonly coreQuota?: number;
  /** Bytes: of the machine, or of the control group where that is less. */
  readonly memory: number;
  /** What CUDA_VISIBLE_DEVICES calls each GPU. */
  readonly gpus: readonly string[];
}

/**
 * Looks at this machine.
 *
 * @param gpus how many GPUs there are, where the driver is not to be asked
 */
export async function readMachine({ gpus }: { gpus?: number } = {}): Promise<Machine> {
  const limit = process.constrainedMemory();
  const total = totalmem();
  return {
    cores: availableParallelism(),
    coreQuota: await readCoreQuota(),
    // Without a limit it is 0, or more than any machine has.
    memory: limit > 0 && limit < total ? limit : total,
    gpus: gpus === undefined ? await visibleGpus() : numbered(gpus),
  };
}

const CGROUPS = '/sys/fs/cgroup';

/** The least quota of the process's control groups; Node's `availableParallelism` knows it only from libuv 1.49 on. */
async function readCoreQuota(): Promise<number | undefined> {
  const groups = (await read('/proc/self/cgroup')) ?? '';
  const quotas = [];
  for (const path of cpuGroups(groups)) quotas.push(await quotaIn(path));
  return quotas.reduce(
    (least, quota) => (quota === undefined || quota > (least ?? Infinity) ? least : quota),
    undefined,
  );
}

/** The folders of the control groups that bound a process's time, outermost last, from its `/proc/self/cgroup`. */
export function cpuGroups(groups: string): string[] {
  const folders = groups.split('\n').flatMap((line) => {
    // `0::/user.slice` in version 2, `4:cpu,cpuacct:/docker/1f` in version 1.
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined || !(controllers === '' || controllers!.split(',').includes('cpu'))) return [];
    const root = join(CGROUPS, controllers!);
    const within = [join(root, path)];
    while (within.at(-1)!.length > root.length) within.push(dirname(within.at(-1)!));
    return within;
  });
  return folders.map((folder) => folder.replace(/\/$/, ''));
}

async function quotaIn(folder: string): Promise<number | undefined> {
  const current = await read(join(folder, 'cpu.max'));
  if (current !== undefined) return coresOf(current);
  const quota = await read(join(folder, 'cpu.cfs_quota_us'));
  return quota === undefined ? undefined : coresOf(`${quota.trim()} ${await read(join(folder, 'cpu.cfs_period_us'))}`);
}

/** Cores' worth of time in `<microseconds> <period>`; undefined where there is no bound (`max`, or -1). */
export function coresOf(quota: string): number | undefined {
  const [granted, period] = quota.trim().split(/\s+/).map(Number);
  return granted! > 0 && period! > 0 ? granted! / period! : undefined;
}

async function visibleGpus(): Promise<string[]> {
  const { CUDA_VISIBLE_DEVICES: visible } = process.env;
  if (visible !== undefined) return visible.split(',').filter((name) => name !== '' && name !== '-1');
  const listed = await promisify(execFile)('nvidia-smi', ['-L']).then(
    ({ stdout }) => stdout,
    // No driver, no GPU.
    () => '',
  );
  return numbered(listed.split('\n').filter((line) => line.startsWith('GPU ')).length);
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => String(at));
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EACCES') return undefined;
    throw error;
  });
}
