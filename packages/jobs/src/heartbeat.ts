import type { Clocked } from './change.js';
import type { Lease, LeaseTerms } from './claim.js';

export type Heartbeat = { outcome: 'held'; cancelRequested: boolean } | { outcome: 'fenced' };

/** Renews a lease and reads the cancel flag, in one query; `fenced` means that the task is another's now: stop, write nothing. */
export async function renewLease({ db, now }: Clocked, lease: Lease, { leaseSeconds }: LeaseTerms): Promise<Heartbeat> {
  const until = new Date(now.getTime() + leaseSeconds * 1000);
  const [row] = await db.$queryRaw<{ cancel_requested: boolean }[]>`
    UPDATE tasks SET lease_expires_at = ${until}
    FROM jobs
    WHERE tasks.id = ${lease.taskId} AND tasks.lease_token = ${lease.token}::uuid AND jobs.id = tasks.job_id
    RETURNING jobs.cancel_requested_at IS NOT NULL AS cancel_requested`;
  return row ? { outcome: 'held', cancelRequested: row.cancel_requested } : { outcome: 'fenced' };
}
