import { randomUUID } from 'node:crypto';
import type { EngineDescription, JobKind, JobResult, JobSpec } from '@retort/contracts';
import type { SqlRunner } from '@retort/store';
import { lockExperimentOf, type Clocked } from './change.js';
import { newId } from './id.js';
import type { TaskRef } from './shares.js';

/** How long a worker may be silent before its task is given to another, and how often it speaks. */
export interface LeaseTerms {
  /** Seconds from a heartbeat to the end of the lease. */
  readonly leaseSeconds: number;
}

/** The right to write to a task; every write carries its token. */
export interface Lease {
  readonly taskId: string;
  readonly jobId: string;
  readonly experimentId: string;
  readonly token: string;
  readonly attempt: number;
}

/** A finished job that the claimed one builds on. */
export interface ClaimedInput {
  readonly role: string;
  readonly name: string;
  readonly kind: JobKind;
  readonly result: JobResult;
  readonly artifacts: { name: string; sha256: string }[];
}

/** What of its job a task does: all, one part of the examples, or the merge of what the parts have found. */
export type Share =
  | { readonly role: 'whole' }
  | { readonly role: 'part'; readonly shard: number; readonly shards: number }
  | {
      readonly role: 'merge';
      /** The sha256 of what each part has found, in their order. */
      readonly outcomes: readonly string[];
    };

export interface ClaimedTask {
  readonly lease: Lease;
  readonly name: string;
  readonly job: JobSpec;
  readonly share: Share;
  readonly inputs: ClaimedInput[];
  readonly maxDurationSeconds: number;
  /** The sha256 of what an earlier attempt left to go on from. */
  readonly checkpoint?: string;
}

export type Claim = { outcome: 'claimed'; task: ClaimedTask } | { outcome: 'not_available' };

export interface ClaimRequest extends LeaseTerms {
  readonly taskId: string;
  readonly attempt: number;
  readonly workerId: string;
  readonly engine: EngineDescription;
}

/**
 * Takes a delivered task for a worker, by compare-and-set on its status and attempt.
 *
 * `not_available` means a duplicate delivery, or a job that was cancelled meanwhile: acknowledge it and do nothing.
 */
export async function claimTask({ db, now }: Clocked, request: ClaimRequest): Promise<Claim> {
  const { taskId, attempt } = request;
  const token = randomUUID();
  const taken = await db.transaction((tx) => {
    // One round trip: the lock is held while Postgres works, and not while this process is waited for.
    lockExperimentOf(tx, taskId);
    const taking = take(tx, token, request, now);
    tx.$commit();
    return taking;
  });
  if (!taken) return { outcome: 'not_available' };
  const { jobId, experimentId, name, spec, inputs, maxDurationSeconds, checkpoint } = taken;
  const lease = { taskId, jobId, experimentId, token, attempt };
  const task = { lease, name, job: spec, share: shareOf(taken), inputs, maxDurationSeconds };
  return { outcome: 'claimed', task: { ...task, ...(checkpoint !== null && { checkpoint }) } };
}

/** A task that has just been taken, with what its worker is told of its job. */
interface Taken extends TaskRef {
  readonly experimentId: string;
  readonly checkpoint: string | null;
  readonly outcomes: string[];
  readonly name: string;
  readonly spec: JobSpec;
  readonly maxDurationSeconds: number;
  readonly inputs: ClaimedInput[];
}

/**
 * Gives the worker the task where it waits for this attempt still: its delivery is over, the attempt begins, and with it
 * the job, of which an attempt that begins anew makes new curves; one that goes on writes over the points that it computes again.
 *
 * It tells of the start; a job of several tasks starts with the first of them, and waits no shorter for the others.
 */
async function take(
  tx: SqlRunner,
  token: string,
  { taskId, attempt, workerId, engine, leaseSeconds }: ClaimRequest,
  now: Date,
): Promise<Taken | undefined> {
  const until = new Date(now.getTime() + leaseSeconds * 1000);
  const [taken] = await tx.$queryRaw<Taken[]>`
    WITH claimed AS (
      UPDATE tasks SET
        status = 'running', worker_id = ${workerId}, lease_token = ${token}::uuid, lease_expires_at = ${until}, started_at = ${now},
        progress = CASE WHEN checkpoint_sha256 IS NULL THEN 0 ELSE progress END
      WHERE id = ${taskId} AND status = 'queued' AND attempt = ${attempt}
      RETURNING id, job_id, role, shard, shards, checkpoint_sha256, checkpoint_sha256 IS NULL AS anew, role = 'whole' AS whole),
    taken AS (
      SELECT claimed.*, experiment_id, name, spec, max_duration_seconds, whole OR jobs.status <> 'running' AS first,
        CASE WHEN whole THEN NOT anew ELSE jobs.started_at IS NOT NULL END AS resumed,
        jsonb_build_object('name', name, 'attempt', ${attempt}::int, 'worker_id', ${workerId}::text, 'engine', ${engine.name}::text) AS start
      FROM claimed JOIN jobs ON jobs.id = job_id),
    delivered AS (DELETE FROM outbox USING taken WHERE task_id = taken.id),
    patient AS (
      UPDATE outbox SET expires_at = NULL FROM taken JOIN tasks other ON other.job_id = taken.job_id AND other.id <> taken.id
      WHERE first AND NOT whole AND outbox.task_id = other.id AND expires_at IS NOT NULL),
    begun AS (
      INSERT INTO attempts (id, task_id, number, worker_id, engine, started_at)
      SELECT ${newId('att')}, id, ${attempt}::int, ${workerId}, ${JSON.stringify(engine)}::jsonb, ${now}::timestamptz FROM taken),
    started AS (
      UPDATE jobs SET
        status = 'running',
        started_at = CASE WHEN whole THEN ${now}::timestamptz ELSE coalesce(jobs.started_at, ${now}::timestamptz) END,
        progress = CASE WHEN whole AND anew THEN '{"fraction": 0}' ELSE progress END
      FROM taken WHERE jobs.id = job_id AND first),
    replaced AS (DELETE FROM metrics USING taken WHERE metrics.job_id = taken.job_id AND whole AND anew),
    told AS (
      SELECT 0 AS place, 'job.started' AS type, start || jsonb_build_object('resumed', resumed) AS data FROM taken WHERE first
      UNION ALL
      SELECT 1, 'task.started', start || jsonb_build_object('resumed', NOT anew, 'role', role, 'shards', shards)
        || CASE WHEN role = 'part' THEN jsonb_build_object('shard', shard) ELSE '{}' END
      FROM taken WHERE NOT whole),
    numbered AS (
      UPDATE experiments SET event_seq = event_seq + CASE WHEN first AND NOT whole THEN 2 ELSE 1 END
      FROM taken WHERE experiments.id = experiment_id
      RETURNING event_seq AS last),
    written AS (
      INSERT INTO events (experiment_id, seq, job_id, type, data, created_at)
      SELECT experiment_id, last - row_number() OVER (ORDER BY place DESC) + 1, job_id, type, data, ${now}::timestamptz
      FROM taken, numbered, told)
    SELECT id, job_id AS "jobId", experiment_id AS "experimentId", role, shard, shards, checkpoint_sha256 AS checkpoint,
      ARRAY(
        SELECT outcome_sha256 FROM tasks part
        WHERE taken.role = 'merge' AND part.job_id = taken.job_id AND part.role = 'part' ORDER BY part.shard
      ) AS outcomes,
      name, spec, max_duration_seconds AS "maxDurationSeconds",
      array_to_json(ARRAY(
        SELECT json_build_object(
          'role', edge.role, 'name', parent.name, 'kind', parent.kind, 'result', parent.result,
          'artifacts', ARRAY(
            SELECT json_build_object('name', name, 'sha256', sha256) FROM job_artifacts WHERE job_id = parent.id))
        FROM job_edges edge JOIN jobs parent ON parent.id = parent_id WHERE child_id = taken.job_id ORDER BY edge.role
      )) AS inputs
    FROM taken`;
  return taken;
}

function shareOf({ role, shard, shards, outcomes }: Taken): Share {
  if (role === 'part') return { role, shard, shards };
  return role === 'merge' ? { role, outcomes } : { role };
}
