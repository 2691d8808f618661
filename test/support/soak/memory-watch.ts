import { residentMemory } from '../processes.js';

const EVERY_MS = 1000;

/** Looks at the memory of processes, again and again. */
export class MemoryWatch {
  readonly #samples = new Map<string, number[]>();
  readonly #timer: NodeJS.Timeout;

  /** @param processes the number of each, by what it is called */
  constructor(processes: Readonly<Record<string, number>>) {
    this.#timer = setInterval(() => {
      for (const [name, pid] of Object.entries(processes)) void this.#look(name, pid);
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Bytes by which each process has grown: the median of the last fifth of all looks above that of the second fifth. */
  growth(): Record<string, number> {
    const growth = [...this.#samples].map(([name, samples]) => {
      const fifth = Math.ceil(samples.length / 5);
      return [name, median(samples.slice(-fifth)) - median(samples.slice(fifth, 2 * fifth))] as const;
    });
    return Object.fromEntries(growth);
  }

  async #look(name: string, pid: number): Promise<void> {
    const bytes = await residentMemory(pid);
    if (bytes === undefined) return;
    const samples = this.#samples.get(name) ?? [];
    samples.push(bytes);
    this.#samples.set(name, samples);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
