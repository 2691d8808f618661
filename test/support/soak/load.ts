import { setTimeout as sleep } from 'node:timers/promises';
import { quickSpec, tinyNet, tinySpec } from '../experiments.js';
import type { Client } from '../retort.js';
import { Random } from './random.js';

/** Experiments that may be open at once, so that the quiet time after the soak has an end. */
const MOST_OPEN = 10;
/** Milliseconds that a request may take before the client gives up and asks again. */
const PATIENCE_MS = 30_000;
/** With one seed of some 200 the ReLUs of a `tinyNet` are all off after a few epochs, which fails; not in these steps. */
const steadyNet = { ...tinyNet, optimizer: { name: 'adam' }, learning_rate: { base: 0.003 } };
/** It has so few steps that large ones may leave it with one class for all, which fails. */
const quickNet = { ...steadyNet, minimum_accuracy: 0, batch_size: 16 };
/** So many seeds are taken in turn; both nets learn with each of them, so that only a fault can fail a job. */
const SEEDS = 100;

/** What a client knows of an experiment. */
interface Known {
  readonly id: string;
  open: boolean;
  paused: boolean;
}

/** A client that submits, cancels, pauses and resumes without end, and asks again whenever it gets no answer. */
export class Load {
  readonly accepted = new Map<string, Known>();
  readonly #random: Random;
  readonly #abandoned = new AbortController();
  readonly #working: Promise<void>;
  #stopped = false;

  /** @param api an API process that is there now */
  constructor(
    private readonly api: () => Client | undefined,
    seed: number,
  ) {
    this.#random = new Random(seed);
    this.#working = this.#work();
    // What went wrong is told by `stop`.
    this.#working.catch(() => undefined);
  }

  /** Submits nothing more, and resumes what is paused; resolves once every request has its answer. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#working;
    for (const known of this.accepted.values()) {
      if (known.paused) await this.#ask(`/v1/experiments/${known.id}/resume`, {});
    }
  }

  /** Ends at once, with whatever is under way. */
  abandon(): void {
    this.#stopped = true;
    this.#abandoned.abort(new Error('the load was abandoned'));
  }

  async #work(): Promise<void> {
    for (let number = 1; !this.#stopped; number++) {
      const open = [...this.accepted.values()].filter((known) => known.open);
      if (open.length < MOST_OPEN) await this.#submit(number);
      else await this.#look(this.#random.oneOf(open));
      await this.#meddle();
      await sleep(this.#random.between(50, 500));
    }
  }

  async #submit(number: number): Promise<void> {
    const changes = { seeds: [1 + (number % SEEDS)], limits: { max_attempts: 20 } };
    // Some last for several faults, others fall between two.
    const epochs = Math.ceil(this.#random.between(1, 10));
    const long = tinySpec({ models: { plain: { ...steadyNet, epochs } }, reuse: false, ...changes });
    const spec = this.#random.next() < 0.5 ? quickSpec({ models: { plain: quickNet }, ...changes }) : long;
    const { id } = await this.#ask<{ id: string }>('/v1/experiments', spec, { 'Idempotency-Key': `soak ${number}` });
    this.accepted.set(id, { id, open: true, paused: false });
  }

  async #look(known: Known): Promise<void> {
    const { finished_at } = await this.#ask<{ finished_at: string | null }>(`/v1/experiments/${known.id}`);
    known.open = finished_at === null;
  }

  async #meddle(): Promise<void> {
    const known = this.#random.oneOf([...this.accepted.values()].slice(-MOST_OPEN));
    const chance = this.#random.next();
    if (chance < 0.1) await this.#ask(`/v1/experiments/${known.id}/cancel`, {});
    else if (chance < 0.3) {
      const act = known.paused ? 'resume' : 'pause';
      await this.#ask(`/v1/experiments/${known.id}/${act}`, {});
      known.paused = act === 'pause';
    }
  }

  /** Asks until there is an answer that is not "later". */
  async #ask<T>(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    for (;;) {
      this.#abandoned.signal.throwIfAborted();
      const answer = await this.#try(path, body, headers);
      if (answer && answer.status < 300) return JSON.parse(answer.text) as T;
      if (answer && answer.status !== 503) throw new Error(`${path}: ${answer.status} ${answer.text}`);
      await sleep(300);
    }
  }

  /** @returns undefined where the connection broke, or nobody answered */
  async #try(path: string, body: unknown, headers: Record<string, string>) {
    const api = this.api();
    if (!api) return undefined;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const post = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...headers, 'Content-Type': 'application/json' },
    };
    try {
      const answer = await fetch(api.url + path, { ...(body !== undefined && post), signal });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      if (error instanceof TypeError || signal.aborted) return undefined;
      throw error;
    }
  }
}
