import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ArtifactError } from '@retort/store';

/** Milliseconds between two tries. */
const DELAY_MS = 2000;

/**
 * Tries `work` again where the store or the database does not take it: what took hours to compute is not lost to a disk
 * that is being cleared.
 *
 * @param seconds after which the last error is passed on
 * @param signal passes it on at once
 */
export async function withPatience<T>(
  work: () => Promise<T>,
  { seconds, signal, log }: { seconds: number; signal: AbortSignal; log: Logger },
): Promise<T> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const hopeless = error instanceof ArtifactError && !error.ofStore;
      if (hopeless || signal.aborted || performance.now() >= until) throw error;
      log.warn({ err: error }, 'artifacts could not be kept; tried again');
      // A stop that is asked for meanwhile shows at the next try.
      await setTimeout(DELAY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
