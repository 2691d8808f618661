import type { Logger } from 'pino';
import { reportWorker, type WorkerState } from '@retort/jobs';
import type { Clock, Database } from '@retort/store';

/** Speaks for the worker as a whole: that it is alive, and in which state; and hears when it is to drain. */
export class Presence {
  #status: WorkerState['status'] = 'online';
  #reporting: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly at: { readonly db: Database; readonly clock: Clock; readonly log: Logger },
    private readonly workerId: string,
    private readonly terms: { readonly heartbeatSeconds: number; readonly onDrainRequested: () => void },
  ) {
    this.#timer = setInterval(() => this.beat(), terms.heartbeatSeconds * 1000);
  }

  /** Speaks now, to hear what is asked; where it is speaking already, that is enough. */
  beat(): void {
    this.#reporting ??= this.#report().finally(() => {
      this.#reporting = undefined;
    });
  }

  /** Says that the worker is in another state, after what it is just saying. */
  async enter(status: WorkerState['status']): Promise<void> {
    this.#status = status;
    await this.#reporting;
    this.beat();
    await this.#reporting;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #report(): Promise<void> {
    const { db, clock, log } = this.at;
    try {
      const { drainRequested } = await reportWorker({ db, now: clock.now() }, this.workerId, { status: this.#status });
      if (drainRequested) this.terms.onDrainRequested();
    } catch (error) {
      log.warn({ err: error }, 'presence could not be reported');
    }
  }
}
