import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { KEPT_MEMORY } from '@retort/engine/environment';
import type { PeerEnvironment } from './environment.js';

/** The folder of a part's sources, where its Python lies; what is built lies below `dist`. */
const SOURCES = new URL('../../', import.meta.url);

/** A Python script that answers each line of JSON on its standard input by one on its standard output. */
export class PythonProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #unstartable: Promise<never>;
  readonly #name: string;

  /**
   * @param script its path below `bench/`
   * @param threads how many threads PyTorch gets, one a core
   * @param keepsMemory whether PyTorch keeps the memory of its tensors, as our own children do, or glibc gives it back
   */
  constructor(
    { python, clones }: PeerEnvironment,
    script: string,
    args: readonly string[],
    { threads, keepsMemory = true }: { threads: number; keepsMemory?: boolean },
  ) {
    const roots = clones === undefined ? [] : readdirSync(clones).map((name) => join(clones, name));
    this.#name = `${python} ${script}`;
    this.#child = spawn(python, [fileURLToPath(new URL(script, SOURCES)), ...args], {
      env: {
        ...(keepsMemory && KEPT_MEMORY),
        ...process.env,
        PYTHONPATH: [fileURLToPath(new URL('peers', SOURCES)), ...roots].join(delimiter),
        OMP_NUM_THREADS: `${threads}`,
        // Else both threads may share a core, which is several times slower than one.
        ...(threads > 1 && { OMP_PROC_BIND: 'spread' }),
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
    this.#unstartable = new Promise((_, reject) => this.#child.once('error', reject));
    this.#unstartable.catch(() => undefined); // it is told to whoever waits for an answer
    this.#child.stdin!.on('error', () => undefined); // a script that ended: its answer does not come, which is told too
  }

  /**
   * What the script prints next: its greeting before anything was asked, else the answer.
   *
   * @throws Error where it ends instead
   */
  async answer(): Promise<unknown> {
    const line = await Promise.race([this.#lines.next(), this.#unstartable]);
    if (!line.done) return JSON.parse(line.value) as unknown;
    throw new Error(`${this.#name} ended before it had answered; its own message is above`);
  }

  async ask(request: unknown): Promise<unknown> {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    return this.answer();
  }

  /** Waits until the script has come to its end. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.stdin!.end();
    await once(this.#child, 'exit');
  }
}
