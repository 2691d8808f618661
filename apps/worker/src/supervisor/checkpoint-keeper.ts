import { readFile, rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import { recordCheckpoint, type Lease } from '@retort/jobs';
import type { ArtifactStore, Clock, Database } from '@retort/store';
import type { ComputeNews } from './compute-child.js';

/** Puts the checkpoints of a running task, one after the other, where its next attempt finds them. */
export class CheckpointKeeper {
  #keeping: Promise<void> = Promise.resolve();
  #latest: string | undefined;

  constructor(
    private readonly at: { readonly db: Database; readonly clock: Clock; readonly artifacts: ArtifactStore },
    private readonly lease: Lease,
    private readonly log: Logger,
  ) {}

  /** The sha256 of the last one that was kept; undefined before the first. */
  get latest(): string | undefined {
    return this.#latest;
  }

  /** Takes over a file that the child has written. */
  keep({ path, message }: Extract<ComputeNews, { type: 'checkpoint' }>): void {
    this.#keeping = this.#keeping
      .then(() => this.#store(path, message))
      .then(
        (written) => this.log.debug({ message, written }, 'checkpoint'),
        // The computation goes on: without this checkpoint another attempt only has more to do again.
        (error: unknown) => this.log.warn({ err: error }, 'a checkpoint could not be kept'),
      )
      .then(() => rm(path, { force: true }));
  }

  /** Resolves once all that was taken over is kept. */
  async close(): Promise<void> {
    await this.#keeping;
  }

  async #store(path: string, message: string) {
    const { db, clock, artifacts } = this.at;
    const { sha256 } = await artifacts.put(await readFile(path));
    const written = await recordCheckpoint({ db, now: clock.now() }, this.lease, { sha256, message });
    if (written === 'recorded') this.#latest = sha256;
    return written;
  }
}
