import type { Logger } from 'pino';
import { ComputeChild, type ChildSettings } from './compute-child.js';

/** A backstop against what neither tensors nor memory tell of, such as handles: a start costs a second. */
const TASKS_PER_CHILD = 100;
/** The share of its memory that a child may hold between two tasks: the rest is room for the next. */
const RESTING_SHARE = 0.5;

/** What the children of a pool have between them. */
export interface PoolTerms {
  /** Bytes that one child may hold. */
  readonly childMemory: number;
  /** What CUDA_VISIBLE_DEVICES calls each GPU. */
  readonly gpus: readonly string[];
  readonly log: Logger;
}

/**
 * The compute children of a worker: warm ones are used again, until they fail, leave tensors behind, hold too much
 * memory or have served their number of tasks. On a machine with GPUs each has one, that of the fewest children.
 */
export class ChildPool {
  readonly #idle: ComputeChild[] = [];
  readonly #all = new Set<ComputeChild>();
  readonly #killAll = () => this.#all.forEach((child) => child.kill());

  constructor(
    private readonly settings: ChildSettings,
    private readonly terms: PoolTerms,
  ) {
    // Whatever ends this process: a child that hangs does not hear that it is gone.
    process.once('exit', this.#killAll);
  }

  /** Takes in a child that was started elsewhere. */
  adopt(child: ComputeChild): void {
    this.#all.add(child);
    this.#idle.push(child);
  }

  /**
   * A child that is ready to compute.
   *
   * @throws EngineUnavailable
   */
  async take(): Promise<ComputeChild> {
    for (let child = this.#idle.pop(); child; child = this.#idle.pop()) {
      if (child.alive) return child;
      this.#all.delete(child);
    }
    const child = await ComputeChild.start({ ...this.settings, gpu: this.#freestGpu() });
    this.#all.add(child);
    return child;
  }

  /** Takes a child back after a task; one that did not end it well is not used again. */
  async giveBack(child: ComputeChild, { healthy }: { healthy: boolean }): Promise<void> {
    if (healthy && child.alive && !this.#isSpent(child)) {
      this.#idle.push(child);
      return;
    }
    this.#all.delete(child);
    await child.close();
  }

  async close(): Promise<void> {
    process.off('exit', this.#killAll);
    await Promise.all([...this.#all].map((child) => child.close()));
  }

  #isSpent({ pid, rest, served }: ComputeChild): boolean {
    const { log, childMemory } = this.terms;
    if (rest && rest.tensors > 0) {
      log.error({ pid, ...rest }, `a defect: a task of the kind "${rest.kind}" left ${rest.tensors} tensors behind`);
      return true;
    }
    if (rest && rest.resident > RESTING_SHARE * childMemory) {
      log.info({ pid, ...rest, childMemory }, 'a compute child holds much memory: it is replaced');
      return true;
    }
    return served >= TASKS_PER_CHILD;
  }

  #freestGpu(): string | undefined {
    const children = (gpu: string) => [...this.#all].filter((child) => child.gpu === gpu).length;
    return [...this.terms.gpus].sort((a, b) => children(a) - children(b))[0];
  }
}
