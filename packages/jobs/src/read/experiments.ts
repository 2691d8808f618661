import { jobStatuses, type ExperimentSpec, type JobStatus } from '@retort/contracts';
import type { Database } from '@retort/store';
import { pageOf, type Page, type PageRequest } from './page.js';
import type { ExperimentView, JobCounts } from './views.js';

/** An experiment with the counts of its jobs. */
export interface ExperimentRow {
  id: string;
  name: string;
  description: string | null;
  metadata: Record<string, string>;
  spec: ExperimentSpec;
  job_count: number;
  open_jobs: number;
  api_key_id: string | null;
  retry_of_id: string | null;
  created_at: Date;
  finished_at: Date | null;
  /** How many jobs have each status; null where there are none. */
  counts: Partial<JobCounts> | null;
  reused: number;
}

/** One experiment, or undefined where there is none with this id. */
export async function readExperiment(db: Database, id: string): Promise<ExperimentView | undefined> {
  const [experiment] = await readExperiments(db, [id]);
  return experiment;
}

/** A page of the experiments, the newest first. */
export async function listExperiments(db: Database, { limit, after }: PageRequest): Promise<Page<ExperimentView>> {
  const rows = await db.sql.$queryRaw<{ id: string }[]>`
    SELECT id FROM experiments WHERE ${after ?? null}::text IS NULL OR id < ${after ?? null}
    ORDER BY id DESC LIMIT ${limit + 1}`;
  const { data, ...rest } = pageOf(rows, limit);
  const experiments = await readExperiments(
    db,
    data.map(({ id }) => id),
  );
  return { data: experiments, ...rest };
}

/** Those of these experiments that are there, the newest first. */
async function readExperiments(db: Database, ids: readonly string[]): Promise<ExperimentView[]> {
  const rows = await db.sql.$queryRaw<ExperimentRow[]>`
    SELECT id, name, description, metadata, spec, job_count, open_jobs, api_key_id, retry_of_id, created_at, finished_at,
      counts, coalesce(reused, 0)::int AS reused
    FROM experiments CROSS JOIN LATERAL (
      SELECT json_object_agg(status, count) AS counts, sum(reused) AS reused
      FROM (
        SELECT status, count(*) AS count, count(reused_from_id) AS reused
        FROM jobs WHERE experiment_id = experiments.id GROUP BY status) of_status) tally
    WHERE id = ANY(${ids}::text[]) ORDER BY id DESC`;
  return rows.map(experimentView);
}

/** A zero for every status. */
export function noJobs(): JobCounts {
  return Object.fromEntries(jobStatuses.map((status: JobStatus) => [status, 0])) as JobCounts;
}

/** An experiment as it is shown. */
export function experimentView(row: ExperimentRow): ExperimentView {
  const counts = { ...noJobs(), ...row.counts };
  const ended = counts.failed > 0 ? 'failed' : counts.cancelled > 0 ? 'cancelled' : 'succeeded';
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    metadata: row.metadata,
    status: row.finished_at === null ? 'running' : ended,
    jobs: {
      total: row.job_count,
      open: row.open_jobs,
      reused: row.reused,
      by_status: counts,
    },
    api_key_id: row.api_key_id,
    retry_of: row.retry_of_id,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    spec: row.spec,
  };
}
