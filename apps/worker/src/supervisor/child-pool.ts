import { ComputeChild, type ChildSettings } from './compute-child.js';

/** TensorFlow gives memory back only at exit: a child is replaced after this many tasks. */
const TASKS_PER_CHILD = 25;

/** The compute children of a worker: warm ones are used again, until they fail or have served their number of tasks. */
export class ChildPool {
  readonly #idle: ComputeChild[] = [];
  readonly #all = new Set<ComputeChild>();

  constructor(private readonly settings: ChildSettings) {}

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
    const child = await ComputeChild.start(this.settings);
    this.#all.add(child);
    return child;
  }

  /** Takes a child back after a task; one that did not end it well is not used again. */
  async giveBack(child: ComputeChild, { healthy }: { healthy: boolean }): Promise<void> {
    if (healthy && child.alive && child.served < TASKS_PER_CHILD) {
      this.#idle.push(child);
      return;
    }
    this.#all.delete(child);
    await child.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((child) => child.close()));
  }
}
