import type { ExperimentSpec } from '@retort/contracts';
import type { SqlTransaction } from '@retort/store';
import { Change } from './change.js';
import { newId } from './id.js';
import { chooseLeaders } from './leaders.js';
import type { Plan, PlannedJob } from './plan/plan.js';
import type { ExperimentRow } from './read/experiments.js';
import { findReusable, type IsKept } from './reusable.js';
import { deliverJobs, type JobRef } from './settle.js';
import { sharesOf } from './shares.js';

/** Jobs written in one statement: while it runs the process answers others, and it holds their text only that long. */
const JOBS_AT_A_TIME = 500;

/**
 * Writes an experiment that was planned: its jobs, of which those that have been computed before take over what they
 * found, its tasks, first events and deliveries.
 *
 * @param apiKeyId whose it is; null for a service without keys
 * @param retryOf the experiment of which it computes again what did not succeed: what did is taken over, whatever the spec says
 * @returns the change, which is to be committed, and the experiment as it was entered
 */
export async function enterExperiment(
  tx: SqlTransaction,
  { spec, jobs }: Plan,
  {
    now,
    apiKeyId,
    retryOf = null,
    isKept,
  }: { now: Date; apiKeyId: string | null; retryOf?: string | null; isKept: IsKept },
): Promise<{ change: Change; row: ExperimentRow }> {
  const change = new Change(tx, newId('exp'), now);
  const earlier = await findReusable(tx, jobs, { anywhere: spec.reuse, retryOf, isKept, now });
  const isReused = ({ fingerprint }: PlannedJob) => earlier.has(fingerprint);
  const open = jobs.filter((job) => !isReused(job)).length;
  const reused = jobs.length - open;
  const row = {
    id: change.experimentId,
    name: spec.name,
    description: spec.description ?? null,
    metadata: spec.metadata,
    spec,
    job_count: jobs.length,
    open_jobs: open,
    api_key_id: apiKeyId,
    retry_of_id: retryOf,
    created_at: now,
    finished_at: open > 0 ? null : now,
  };
  enterRow(change, row);

  const ids = jobs.map(() => newId('job'));
  const ready: JobRef[] = [];
  let entered: Promise<unknown> = Promise.resolve();
  const tasks = new Map<string, string[]>();
  for (let start = 0; start < jobs.length; start += JOBS_AT_A_TIME) {
    const entries = jobs.slice(start, start + JOBS_AT_A_TIME).map((job, at) => {
      const entry = {
        id: ids[start + at]!,
        ordinal: start + at,
        name: job.name,
        kind: job.spec.kind,
        seed: job.spec.seed,
        labels: job.labels,
        spec: job.spec,
        fingerprint: job.fingerprint,
        parents: Object.fromEntries(Object.entries(job.parents).map(([role, parent]) => [role, ids[parent]])),
        uploads: job.spec.uploads ?? {},
        waiting_for: Object.values(job.parents).filter((parent) => !isReused(jobs[parent]!)).length,
        reused: earlier.get(job.fingerprint) ?? null,
        tasks: isReused(job) ? [] : sharesOf(job.shards).map((share) => ({ id: newId('task'), ...share })),
      };
      if (!entry.reused && entry.waiting_for === 0) {
        ready.push({ id: entry.id, name: entry.name });
        tasks.set(
          entry.id,
          entry.tasks.filter(({ role }) => role !== 'merge').map(({ id }) => id),
        );
      }
      return entry;
    });
    await entered;
    entered = enterJobs(change, spec, JSON.stringify(entries));
  }

  const created = { name: spec.name, jobs: jobs.length, reused };
  change.emit('experiment.created', null, retryOf === null ? created : { ...created, retry_of: retryOf });
  const [leaders] = await Promise.all([chooseLeaders(change, ready), entered]);
  deliverJobs(
    change,
    leaders,
    leaders.flatMap(({ id }) => tasks.get(id)!),
  );
  if (open === 0) change.emit('experiment.finished', null, { status: 'succeeded' });
  const counts = { blocked: open - leaders.length, queued: leaders.length, succeeded: reused };
  return { change, row: { ...row, counts, reused } };
}

function enterRow({ tx }: Change, row: Omit<ExperimentRow, 'counts' | 'reused'>): void {
  tx.$send`
    INSERT INTO experiments (
      id, name, description, spec, metadata, job_count, open_jobs, api_key_id, retry_of_id, created_at, finished_at)
    VALUES (
      ${row.id}, ${row.name}, ${row.description}, ${JSON.stringify(row.spec)}::json,
      ${JSON.stringify(row.metadata)}::jsonb, ${row.job_count}, ${row.open_jobs}, ${row.api_key_id},
      ${row.retry_of_id}, ${row.created_at}, ${row.finished_at})`;
}

/** @param entries JSON of the jobs; those that wait for nothing are queued at once, and made to follow others afterwards */
function enterJobs({ tx, experimentId, now }: Change, spec: ExperimentSpec, entries: string): Promise<unknown> {
  const { limits } = spec;
  return tx.$executeRaw`
    WITH entered AS (
      SELECT *, reused IS NULL AND waiting_for = 0 AS ready
      FROM jsonb_to_recordset(${entries}::jsonb) AS entry (
        id text, ordinal int, name text, kind job_kind, seed int, labels jsonb, spec jsonb, fingerprint text,
        parents jsonb, uploads jsonb, waiting_for int, reused jsonb, tasks jsonb)),
    jobs AS (
      INSERT INTO jobs (
        id, experiment_id, ordinal, kind, name, labels, spec, fingerprint, seed, reuse, max_attempts, max_duration_seconds,
        queue_timeout_seconds, priority, engine, created_at, waiting_for, status, queued_at,
        reason, detail, result, reused_from_id, progress, finished_at)
      SELECT id, ${experimentId}, ordinal, kind, name, labels, spec, fingerprint, seed,
        ${spec.reuse}::boolean, ${limits.max_attempts}::int, ${limits.max_duration_seconds}::int,
        ${limits.queue_timeout_seconds ?? null}::int, ${spec.priority}::int, ${spec.engine ?? null}, ${now}::timestamptz,
        CASE WHEN reused IS NULL THEN waiting_for ELSE 0 END,
        (CASE WHEN ready THEN 'queued' WHEN reused IS NULL THEN 'blocked' ELSE 'succeeded' END)::job_status,
        CASE WHEN ready THEN ${now}::timestamptz END,
        CASE WHEN reused IS NOT NULL THEN 'reused' END,
        'equal to ' || (reused ->> 'id') || ', which had succeeded before',
        reused -> 'result', reused ->> 'id',
        CASE WHEN reused IS NULL THEN '{"fraction": 0}'::jsonb ELSE '{"fraction": 1}' END,
        CASE WHEN reused IS NOT NULL THEN ${now}::timestamptz END
      FROM entered),
    edges AS (
      INSERT INTO job_edges (child_id, role, parent_id)
      SELECT id, role, parent FROM entered CROSS JOIN jsonb_each_text(parents) AS edge (role, parent)),
    tasks AS (
      INSERT INTO tasks (id, job_id, role, shard, shards, status, attempt, created_at)
      SELECT task.id, entered.id, task.role, task.shard, task.shards,
        (CASE WHEN ready AND task.role <> 'merge' THEN 'queued' ELSE 'blocked' END)::job_status,
        CASE WHEN ready AND task.role <> 'merge' THEN 1 ELSE 0 END, ${now}::timestamptz
      FROM entered CROSS JOIN jsonb_to_recordset(tasks) AS task (id text, role task_role, shard int, shards int)),
    artifacts AS (
      INSERT INTO job_artifacts (job_id, name, sha256)
      SELECT entered.id, artifact.name, artifact.sha256
      FROM entered CROSS JOIN jsonb_to_recordset(reused -> 'artifacts') AS artifact (name text, sha256 text)
      WHERE reused IS NOT NULL)
    INSERT INTO job_uploads (job_id, role, sha256)
    SELECT id, upload.role, upload.sha256 FROM entered CROSS JOIN jsonb_each_text(uploads) AS upload (role, sha256)`;
}
