import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds within which a whole crew must be there. */
const COMPLETE_LIMIT_MS = 120_000;

/**
 * Keeps so many processes of one kind running: one that ends is started again, until the crew is dismissed.
 *
 * @param start starts one, and waits until it is ready; where it cannot start now, it is tried again
 */
export class Crew<T extends { process: ChildProcess }> {
  readonly #posts: { current: T | undefined }[] = [];
  readonly #keeping: Promise<void>[] = [];
  #dismissed = false;
  #lastError: unknown;

  constructor(
    private readonly start: () => Promise<T>,
    size: number,
  ) {
    for (let at = 0; at < size; at++) {
      const post = { current: undefined };
      this.#posts.push(post);
      this.#keeping.push(this.#keep(post));
    }
  }

  get size(): number {
    return this.#posts.length;
  }

  /** Those that are ready, and have not ended. */
  get present(): T[] {
    return this.#posts.flatMap(({ current }) => (current && runs(current.process) ? [current] : []));
  }

  /** Waits until all are there. */
  async complete(): Promise<void> {
    const deadline = Date.now() + COMPLETE_LIMIT_MS;
    while (this.present.length < this.size) {
      if (Date.now() > deadline) throw new Error('a process could not be started again', { cause: this.#lastError });
      await sleep(100);
    }
  }

  /** Tells all to end, and waits until they have. */
  async dismiss(): Promise<void> {
    this.#dismissed = true;
    for (const { process } of this.present) {
      process.kill('SIGTERM');
      process.kill('SIGCONT');
    }
    await Promise.all(this.#keeping);
  }

  async #keep(post: { current: T | undefined }): Promise<void> {
    while (!this.#dismissed) {
      const started = await this.start().catch((error: unknown) => {
        this.#lastError = error;
        return undefined;
      });
      if (!started) {
        await sleep(500);
        continue;
      }
      post.current = started;
      if (this.#dismissed) started.process.kill('SIGTERM');
      if (runs(started.process)) await once(started.process, 'exit');
      post.current = undefined;
    }
  }
}

function runs({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
