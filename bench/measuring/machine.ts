import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

/** Where numbers were measured. */
export interface Machine {
  readonly processor: string;
  /** Cores that this process may use. */
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() || arch(),
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
  };
}

/** How many programs have wanted a core, over the last minute: above the bench's own, others were running too. */
export function load(): number {
  return loadavg()[0]!;
}
