import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { isDiskFull, type FromChild } from '@retort/contracts';
import { codeVersion } from './code-version.js';

/** A checkpoint as its file holds it. */
interface Kept {
  /** Another version of Retort may read its state otherwise. */
  readonly codeVersion: string;
  readonly state: unknown;
}

/** Where a task's checkpoints go, and the one that it goes on from. */
export class Checkpoints {
  readonly #folder: string;
  readonly #resumePath: string | undefined;
  readonly #intervalMs: number;
  readonly #tell: (message: FromChild) => void;
  readonly #stopping = new AbortController();
  #handingBack = false;
  #offered = false;
  #count = 0;
  #last = performance.now();

  /**
   * @param folder the files are written there, outside of the task's outputs
   * @param resumePath a checkpoint of an earlier attempt at the same task
   * @param seconds how long the task computes before a checkpoint is taken again
   */
  constructor(options: { folder: string; resumePath?: string; seconds: number; tell: (message: FromChild) => void }) {
    this.#folder = options.folder;
    this.#resumePath = options.resumePath;
    this.#intervalMs = options.seconds * 1000;
    this.#tell = options.tell;
  }

  /** Aborts once the task is to stop: at the request, or after the checkpoint that it was asked for. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** What an earlier attempt left, or undefined where there is nothing, or nothing that this version can go on from. */
  async resumed<State>(): Promise<State | undefined> {
    if (this.#resumePath === undefined) return undefined;
    const kept = deserialize(await readFile(this.#resumePath)) as Kept;
    if (kept.codeVersion === codeVersion) return kept.state as State;
    process.stderr.write(`a checkpoint of version ${kept.codeVersion} is left aside: this is ${codeVersion}\n`);
    return undefined;
  }

  /**
   * Is told at each place at which the task could go on from, and keeps a checkpoint where one is due.
   *
   * @param take gives the state: plain data
   * @param message where the task stands
   */
  async offer(take: () => unknown, message: string): Promise<void> {
    this.#offered = true;
    if (!this.#handingBack && performance.now() - this.#last < this.#intervalMs) return;
    await this.keep(take(), message);
    if (this.#handingBack) this.#stopping.abort();
  }

  /** Keeps a checkpoint, due or not. */
  async keep(state: unknown, message: string): Promise<void> {
    const path = join(this.#folder, `checkpoint-${this.#count++}`);
    this.#last = performance.now();
    try {
      await writeFile(path, serialize({ codeVersion, state } satisfies Kept));
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      // The computation goes on: without this checkpoint another attempt only has more to do again.
      await rm(path, { force: true });
      process.stderr.write(`the disk is full: there is no checkpoint ${message}\n`);
      return;
    }
    this.#tell({ type: 'checkpoint', path, message });
    this.#last = performance.now();
  }

  /** Stops the task: after one more checkpoint where it offers them between its iterations, else at once. */
  handBack(): void {
    this.#handingBack = true;
    if (!this.#offered) this.#stopping.abort();
  }

  stop(): void {
    this.#stopping.abort();
  }
}
