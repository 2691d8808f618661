import type { Clocked } from './change.js';
import type { Lease, LeaseTerms } from './claim.js';

/** What a person has asked of a running job. */
export type Request = 'cancel' | 'pause';

export type Heartbeat = { outcome: 'held'; requested?: Request } | { outcome: 'fenced' };

/** Renews a lease and reads what was asked, in one query; `fenced` means that the task is another's now: stop, write nothing. */
export async function renewLease({ db, now }: Clocked, lease: Lease, { leaseSeconds }: LeaseTerms): Promise<Heartbeat> {
  const until = new Date(now.getTime() + leaseSeconds * 1000);
  const [row] = await db.sql.$queryRaw<{ cancel: boolean; pause: boolean }[]>`
    UPDATE tasks SET lease_expires_at = ${until}
    FROM jobs
    WHERE tasks.id = ${lease.taskId} AND tasks.lease_token = ${lease.token}::uuid AND jobs.id = tasks.job_id
    RETURNING jobs.cancel_requested_at IS NOT NULL AS cancel, jobs.pause_requested_at IS NOT NULL AS pause`;
  if (!row) return { outcome: 'fenced' };
  return { outcome: 'held', requested: row.cancel ? 'cancel' : row.pause ? 'pause' : undefined };
}
