import type { Logger } from 'pino';
import { renewLease, type Lease } from '@retort/jobs';
import type { Clock, Database } from '@retort/store';

export interface HeartbeatTerms {
  readonly leaseSeconds: number;
  readonly heartbeatSeconds: number;
}

/**
 * Renews a lease until it is stopped, and tells when the task is to be given up.
 *
 * @param onStop `cancelled`: a person asked; `fenced`: the task is another's now, and nothing more may be written
 * @returns stops the heartbeat
 */
export function startHeartbeat(
  { db, clock }: { db: Database; clock: Clock },
  lease: Lease,
  terms: HeartbeatTerms & { onStop: (why: 'cancelled' | 'fenced') => void; log: Logger },
): () => void {
  const beat = () =>
    renewLease({ db, now: clock.now() }, lease, terms).then(
      (heartbeat) => {
        if (heartbeat.outcome === 'fenced') terms.onStop('fenced');
        else if (heartbeat.cancelRequested) terms.onStop('cancelled');
      },
      // The computation goes on: Postgres may be back before the lease ends, and the token guards every write.
      (error: unknown) => terms.log.warn({ err: error }, 'the lease could not be renewed; tried again'),
    );
  const timer = setInterval(() => void beat(), terms.heartbeatSeconds * 1000);
  return () => clearInterval(timer);
}
