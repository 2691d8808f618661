import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type {
  ComputeInput,
  ComputeShare,
  EngineDescription,
  FromChild,
  JobKind,
  JobSpec,
  ToChild,
} from '@retort/contracts';
import { KEPT_MEMORY } from '@retort/engine/environment';
import { residentMemory } from './resident-memory.js';

const ENTRY = fileURLToPath(new URL('../child/main.js', import.meta.url));
/** Milliseconds in which a child must have an engine: wasm takes half a second, a GPU may take a minute. */
const START_LIMIT_MS = 180_000;
/** Milliseconds between two looks at a child that computes: at its memory, and at how long it has been silent. */
const WATCH_MS = 250;

export interface ChildSettings {
  readonly engine?: string;
  readonly datasetFolder?: string;
  readonly datasetCache: string;
  readonly graceSeconds: number;
  /** How long a child that computes may be silent before it is killed. */
  readonly silenceSeconds: number;
  /** What CUDA_VISIBLE_DEVICES calls the one GPU that the child is to see; all where absent. */
  readonly gpu?: string;
}

export interface ComputeRequest {
  readonly job: JobSpec;
  readonly share: ComputeShare;
  readonly inputs: ComputeInput[];
  /** Path of each uploaded file, by its role. */
  readonly uploads: Record<string, string>;
  readonly folder: string;
  /** Bytes that the child may hold: it is killed where it holds more. */
  readonly memory: number;
  /** Examples at a time at most. */
  readonly batch_limit?: number;
  /** Path of the checkpoint to go on from. */
  readonly checkpoint?: string;
  readonly checkpoint_seconds: number;
}

/** How a child's run ended; `exited` is a crash or a kill because it hung, `outgrown` a kill because it held more memory than it may. */
export type ComputeOutcome =
  | Extract<FromChild, { type: 'succeeded' | 'found' | 'failed' | 'cancelled' }>
  | { type: 'exited' | 'outgrown'; detail: string };

/** A message on the way to an outcome. */
export type ComputeNews = Extract<FromChild, { type: 'progress' | 'metrics' | 'epoch' | 'batch' | 'checkpoint' }>;

/** What a child has after a task. */
export type Rest = Omit<Extract<FromChild, { type: 'rested' }>, 'type'> & { readonly kind: JobKind };

/** The engine cannot be had; the message says how to get it. */
export class EngineUnavailable extends Error {
  override readonly name = 'EngineUnavailable';
}

/**
 * A process that computes one job at a time.
 *
 * It leads a process group of its own, so that killing it takes whatever it started, and it ends by itself when this
 * process does.
 */
export class ComputeChild {
  /** Tasks that it has finished. */
  served = 0;
  /** What its last task left; undefined before the first, or where it did not end. */
  rest: Rest | undefined;

  private constructor(
    private readonly process: ChildProcess,
    readonly engine: EngineDescription,
    private readonly terms: Pick<ChildSettings, 'graceSeconds' | 'silenceSeconds'>,
    readonly gpu: string | undefined,
  ) {}

  /**
   * Starts a child and waits until its engine has passed its self-check.
   *
   * @throws EngineUnavailable where none does
   */
  static async start(settings: ChildSettings): Promise<ComputeChild> {
    const { engine, datasetFolder, datasetCache, gpu } = settings;
    const child = fork(ENTRY, {
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // JSON, the other choice, turns a loss that is no number into null.
      serialization: 'advanced',
      env: {
        ...KEPT_MEMORY,
        ...process.env,
        ...(engine && { RETORT_ENGINE: engine }),
        ...(datasetFolder && { RETORT_DATASETS: datasetFolder }),
        ...(gpu !== undefined && { CUDA_VISIBLE_DEVICES: gpu }),
        RETORT_DATASET_CACHE: datasetCache,
      },
    });
    // However it ends, what it has started ends with it.
    child.once('exit', () => killGroup(child));
    const timeout = setTimeout(() => killGroup(child), START_LIMIT_MS);
    try {
      const message = await firstMessage(child);
      if (message.type === 'ready') return new ComputeChild(child, message.engine, settings, gpu);
      killGroup(child);
      const detail = message.type === 'failed' ? message.detail : `its first message was "${message.type}"`;
      throw new EngineUnavailable(detail);
    } finally {
      clearTimeout(timeout);
    }
  }

  get alive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null && this.process.connected;
  }

  get pid(): number {
    return this.process.pid!;
  }

  /**
   * Computes a job.
   *
   * @param signal asks the child to stop, by the message that is its reason; the child is killed where it has not done so
   *   within the grace time
   */
  async run(
    request: ComputeRequest,
    { onNews, signal }: { onNews: (news: ComputeNews) => void; signal: AbortSignal },
  ): Promise<ComputeOutcome> {
    const { process: child } = this;
    this.rest = undefined;
    let outgrown: string | undefined;
    let hung: string | undefined;
    let silentMs = 0;
    const ended = new Promise<ComputeOutcome>((resolve) => {
      const settle = (outcome: ComputeOutcome) => {
        child.off('message', onMessage);
        child.off('exit', onExit);
        resolve(outcome);
      };
      const onMessage = (message: FromChild) => {
        silentMs = 0;
        switch (message.type) {
          case 'progress':
          case 'metrics':
          case 'epoch':
          case 'batch':
          case 'checkpoint':
            onNews(message);
            break;
          case 'rested':
            this.rest = { kind: request.job.kind, tensors: message.tensors, resident: message.resident };
            break;
          case 'succeeded':
          case 'found':
          case 'failed':
          case 'cancelled':
            settle(message);
            break;
          case 'ready':
          case 'alive':
            break;
        }
      };
      const onExit = (code: number | null, killedBy: string | null) =>
        settle(
          outgrown === undefined
            ? {
                type: 'exited',
                detail: hung ?? `the compute child ended with ${killedBy ? `signal ${killedBy}` : `exit code ${code}`}`,
              }
            : { type: 'outgrown', detail: outgrown },
        );
      child.on('message', onMessage);
      child.on('exit', onExit);
      if (!this.alive) onExit(child.exitCode, child.signalCode);
    });
    const watch = setInterval(() => {
      // Counted here, and not read from a clock: while this process or the whole machine stood still, so did the child.
      silentMs += WATCH_MS;
      if (silentMs > this.terms.silenceSeconds * 1000) {
        hung = `the compute child was silent for ${this.terms.silenceSeconds} s: it hung, and was killed`;
        this.kill();
      }
      // The kernel's own killer may take another process than the one that grew.
      void residentMemory(this.pid).then((resident = 0) => {
        if (resident <= request.memory) return;
        outgrown = `the compute child held ${mebibytes(resident)} MiB, more than the ${mebibytes(request.memory)} MiB that it may`;
        this.kill();
      });
    }, WATCH_MS);
    let deadline: NodeJS.Timeout | undefined;
    const stop = () => {
      this.#send(signal.reason as ToChild);
      deadline = setTimeout(() => this.kill(), this.terms.graceSeconds * 1000);
    };
    if (this.alive) this.#send({ type: 'run', ...request });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    try {
      return await ended;
    } finally {
      clearInterval(watch);
      clearTimeout(deadline);
      signal.removeEventListener('abort', stop);
      this.served++;
    }
  }

  /** Ends the child and everything that it started, at once. */
  kill(): void {
    killGroup(this.process);
  }

  /** Ends the child and waits until it is gone. */
  async close(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, 'exit');
    this.kill();
    await gone;
  }

  /** A child that has just died gets no message; its exit is what is reported. */
  #send(message: ToChild): void {
    if (this.process.connected) this.process.send(message, () => undefined);
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

async function firstMessage(child: ChildProcess): Promise<FromChild> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null) =>
      reject(
        new EngineUnavailable(`the compute child ended with ${signal ?? `exit code ${code}`} before it was ready`),
      );
    child.once('error', reject);
    child.once('exit', onExit);
    child.once('message', (message: FromChild) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: the whole group has gone already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
