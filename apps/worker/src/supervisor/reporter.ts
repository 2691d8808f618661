import type { Logger } from 'pino';
import { recordProgress, type Lease, type Report } from '@retort/jobs';
import type { Clock, Database } from '@retort/store';
import type { ComputeNews } from './compute-child.js';

/** Milliseconds between two batches of progress. */
const FLUSH_MS = 500;

/** Collects what a child tells on its way and writes it to Postgres in batches. */
export class Reporter {
  #pending: { -readonly [K in keyof Report]: Report[K] } = { points: [], epochs: [] };
  #writing: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly at: { readonly db: Database; readonly clock: Clock },
    private readonly lease: Lease,
    private readonly log: Logger,
  ) {
    this.#timer = setInterval(() => this.#flush(), FLUSH_MS);
  }

  tell(news: Exclude<ComputeNews, { type: 'checkpoint' | 'batch' }>): void {
    switch (news.type) {
      case 'progress':
        this.#pending.progress = news.progress;
        break;
      case 'metrics':
        this.#pending.points.push(...news.points);
        break;
      case 'epoch':
        this.#pending.epochs.push(news.epoch);
        break;
    }
  }

  /** Writes what is left, and nothing after that. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    const report = this.#pending;
    if (!report.progress && report.points.length === 0 && report.epochs.length === 0) return;
    this.#pending = { points: [], epochs: [] };
    this.#writing = this.#writing
      .then(() => recordProgress({ db: this.at.db, now: this.at.clock.now() }, this.lease, report))
      .then(
        () => undefined,
        // Progress is worth no retry: the next batch, or the result, says more.
        (error: unknown) => this.log.warn({ err: error }, 'progress could not be written'),
      );
  }
}
