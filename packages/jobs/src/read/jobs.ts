import { toJsonNumber, type JobKind, type JobStatus } from '@retort/contracts';
import { SqlText, type Database } from '@retort/store';
import { pageOf, type Page, type PageRequest } from './page.js';
import type { ArtifactView, AttemptView, JobView, MetricView, TaskView } from './views.js';
import { readWaiting, type JobReading } from './waiting.js';

interface JobRow {
  id: string;
  experiment_id: string;
  kind: JobKind;
  name: string;
  status: JobStatus;
  reason: JobView['reason'];
  detail: string | null;
  waiting_for: number;
  follows_id: string | null;
  priority: number;
  engine: JobView['engine'];
  cancel_requested_at: Date | null;
  labels: JobView['labels'];
  spec: JobView['spec'];
  fingerprint: string;
  seed: number;
  progress: JobView['progress'];
  result: JobView['result'];
  reused_from_id: string | null;
  max_attempts: number;
  created_at: Date;
  queued_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
  parents: JobView['parents'];
  artifacts: ArtifactView[];
  shards: number;
  attempts_started: number;
  attempts_spent: number;
}

export interface JobFilter {
  readonly status?: JobStatus;
  readonly kind?: JobKind;
  readonly experimentId?: string;
  readonly fingerprint?: string;
}

const orders = {
  newest: { beyond: new SqlText('<'), direction: new SqlText('DESC') },
  plan: { beyond: new SqlText('>'), direction: new SqlText('ASC') },
};

/** One job, or undefined where there is none with this id. */
export async function readJob(reading: JobReading, id: string): Promise<JobView | undefined> {
  const [job] = await readJobs(reading, [id]);
  return job;
}

/**
 * A page of the jobs that pass a filter.
 *
 * @param order `newest` first, or as in the `plan` of an experiment: parents before their children
 */
export async function listJobs(
  reading: JobReading,
  filter: JobFilter,
  { limit, after }: PageRequest,
  order: 'newest' | 'plan' = 'newest',
): Promise<Page<JobView>> {
  const { status = null, kind = null, experimentId = null, fingerprint = null } = filter;
  // Identifiers are made in the order of the plan and sort by the time they were made.
  const { beyond, direction } = orders[order];
  const rows = await reading.db.sql.$queryRaw<{ id: string }[]>`
    SELECT id FROM jobs
    WHERE (${status}::job_status IS NULL OR status = ${status}::job_status)
      AND (${kind}::job_kind IS NULL OR kind = ${kind}::job_kind)
      AND (${experimentId}::text IS NULL OR experiment_id = ${experimentId})
      AND (${fingerprint}::text IS NULL OR fingerprint = ${fingerprint})
      AND (${after ?? null}::text IS NULL OR id ${beyond} ${after ?? null})
    ORDER BY id ${direction} LIMIT ${limit + 1}`;
  const { data, ...rest } = pageOf(rows, limit);
  return { data: await readJobs(reading, idsOf(data)), ...rest };
}

/** All jobs of an experiment, in the order of its plan. */
export async function readJobsOf(reading: JobReading, experimentId: string): Promise<JobView[]> {
  const rows = await reading.db.sql.$queryRaw<{ id: string }[]>`
    SELECT id FROM jobs WHERE experiment_id = ${experimentId} ORDER BY ordinal`;
  return readJobs(reading, idsOf(rows));
}

/** The points of a job's curves, by name and step. */
export async function readMetrics({ sql }: Database, jobId: string): Promise<MetricView[]> {
  const rows = await sql.$queryRaw<(Omit<MetricView, 'value' | 'created_at'> & { value: number; created_at: Date })[]>`
    SELECT name, step, epoch, value, created_at FROM metrics WHERE job_id = ${jobId} ORDER BY name, step`;
  return rows.map(({ value, created_at, ...row }) => ({
    ...row,
    value: toJsonNumber(value),
    created_at: created_at.toISOString(),
  }));
}

/** The tasks of a job: the parts by number, then their merge; or the one that does all of it. */
export async function readTasks({ sql }: Database, jobId: string): Promise<TaskView[]> {
  const rows = await sql.$queryRaw<(Omit<TaskView, 'started_at'> & { started_at: Date | null })[]>`
    SELECT id, role, shard, shards, status, attempt, worker_id, started_at,
      CASE WHEN status = 'succeeded' THEN 1 ELSE progress END AS progress
    FROM tasks WHERE job_id = ${jobId} ORDER BY role, shard`;
  return rows.map((row) => ({ ...row, started_at: row.started_at?.toISOString() ?? null }));
}

/** The attempts at a job's tasks, in the order in which they started. */
export async function readAttempts({ sql }: Database, jobId: string): Promise<AttemptView[]> {
  const rows = await sql.$queryRaw<
    (Omit<AttemptView, 'started_at' | 'finished_at'> & { started_at: Date; finished_at: Date | null })[]
  >`
    SELECT attempts.id, role, shard, number, attempts.worker_id, engine, attempts.started_at, finished_at, reason, detail
    FROM attempts JOIN tasks ON tasks.id = task_id WHERE job_id = ${jobId} ORDER BY attempts.started_at, attempts.id`;
  return rows.map((row) => ({
    ...row,
    started_at: row.started_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  }));
}

/** What is known of one artifact of a job, or undefined where it has none of this name. */
export async function readArtifact({ sql }: Database, jobId: string, name: string): Promise<ArtifactView | undefined> {
  const [artifact] = await sql.$queryRaw<ArtifactView[]>`
    SELECT name, sha256, bytes, media_type FROM job_artifacts JOIN artifacts USING (sha256)
    WHERE job_id = ${jobId} AND name = ${name}`;
  return artifact;
}

/** Those of these jobs that are there, in this order; whatever belongs to one is found by its index. */
async function readJobs(reading: JobReading, ids: readonly string[]): Promise<JobView[]> {
  const rows = await reading.db.sql.$queryRaw<JobRow[]>`
    SELECT jobs.id, experiment_id, kind, name, status, reason, detail, waiting_for, follows_id, priority, engine,
      cancel_requested_at, labels, spec, fingerprint, seed, progress, result, reused_from_id, max_attempts,
      jobs.created_at, queued_at, started_at, finished_at, parents, artifacts, shards, attempts_started, attempts_spent
    FROM unnest(${ids}::text[]) WITH ORDINALITY AS wanted (id, place) JOIN jobs ON jobs.id = wanted.id
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object('role', role, 'id', parent_id) ORDER BY role), '[]') AS parents
      FROM job_edges WHERE child_id = jobs.id) edges
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object(
        'name', name, 'sha256', sha256, 'bytes', bytes, 'media_type', media_type) ORDER BY name), '[]') AS artifacts
      FROM job_artifacts JOIN artifacts USING (sha256) WHERE job_id = jobs.id) kept
    CROSS JOIN LATERAL (
      SELECT coalesce(max(shards), 1) AS shards, coalesce(max(spent_attempts), 0) AS attempts_spent,
        coalesce(sum((SELECT count(*) FROM attempts WHERE task_id = tasks.id)), 0)::int AS attempts_started
      FROM tasks WHERE job_id = jobs.id) tried
    ORDER BY place`;
  const waits = await readWaiting(
    reading,
    rows.map(({ id, status, waiting_for: waitingFor, follows_id: followsId }) => ({
      id,
      status,
      waitingFor,
      followsId,
    })),
  );
  return rows.map((row) => jobView(row, waits.get(row.id) ?? null));
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}

function jobView(row: JobRow, waitingFor: JobView['waiting_for']): JobView {
  return {
    id: row.id,
    experiment_id: row.experiment_id,
    kind: row.kind,
    name: row.name,
    status: row.status,
    reason: row.reason,
    detail: row.detail,
    waiting_for: waitingFor,
    priority: row.priority,
    engine: row.engine,
    cancel_requested: row.cancel_requested_at !== null,
    labels: row.labels,
    spec: row.spec,
    fingerprint: row.fingerprint,
    seed: row.seed,
    progress: row.progress,
    result: row.result,
    parents: row.parents,
    reused_from: row.reused_from_id,
    attempts: { started: row.attempts_started, spent: row.attempts_spent, max: row.max_attempts },
    shards: row.shards,
    artifacts: row.artifacts,
    created_at: row.created_at.toISOString(),
    queued_at: row.queued_at?.toISOString() ?? null,
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
