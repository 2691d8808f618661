import type { Queryable } from '@retort/store';
import { noJobs } from './experiments.js';
import type { JobCounts } from './views.js';

/** What waits, by Postgres. */
export interface Backlog {
  readonly jobs: JobCounts;
  /** Deliveries that Redis has not been told of yet. */
  readonly unsent: number;
}

/** How many jobs are in each status, and how many deliveries wait in the outbox. */
export async function readBacklog(db: Queryable): Promise<Backlog> {
  const groups = await db.job.groupBy({ by: ['status'], _count: true });
  const unsent = await db.outbox.count({ where: { sentAt: null } });
  return { jobs: { ...noJobs(), ...Object.fromEntries(groups.map(({ status, _count }) => [status, _count])) }, unsent };
}
