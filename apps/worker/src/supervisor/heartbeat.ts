import type { Logger } from 'pino';
import { renewLease, type Lease, type Request } from '@retort/jobs';
import type { Clock, Database } from '@retort/store';

export interface HeartbeatTerms {
  readonly leaseSeconds: number;
  readonly heartbeatSeconds: number;
}

/** Speaks for a running task. */
export interface TaskHeartbeat {
  /** Speaks now, to hear what is asked. */
  beat(): void;
  stop(): void;
}

/**
 * Renews a lease until it is stopped, and tells when the task is to be given up.
 *
 * @param onStop `cancel`, `pause`: a person asked; `fenced`: the task is another's now, and nothing more may be written
 */
export function startHeartbeat(
  { db, clock }: { db: Database; clock: Clock },
  lease: Lease,
  terms: HeartbeatTerms & { onStop: (why: Request | 'fenced') => void; log: Logger },
): TaskHeartbeat {
  const beat = () => {
    renewLease({ db, now: clock.now() }, lease, terms).then(
      (heartbeat) => {
        if (heartbeat.outcome === 'fenced') terms.onStop('fenced');
        else if (heartbeat.requested) terms.onStop(heartbeat.requested);
      },
      // The computation goes on: Postgres may be back before the lease ends, and the token guards every write.
      (error: unknown) => terms.log.warn({ err: error }, 'the lease could not be renewed; tried again'),
    );
  };
  const timer = setInterval(beat, terms.heartbeatSeconds * 1000);
  return { beat, stop: () => clearInterval(timer) };
}
