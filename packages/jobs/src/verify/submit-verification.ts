import type { ExperimentSpec, JobResult } from '@retort/contracts';
import type { Prisma, SqlTransaction } from '@retort/store';
import { Change, type Clocked } from '../change.js';
import { newId } from '../id.js';
import type { ArtifactState } from '../read/views.js';
import { queueJobs } from '../settle.js';

export type VerificationRequest =
  { outcome: 'accepted'; jobId: string } | { outcome: 'absent' } | { outcome: 'not_verifiable'; detail: string };

/**
 * Has a job that succeeded computed again, from the results of the very same parents, in an experiment of its own.
 *
 * Nothing is reused for it. Where a worker with the engine of the first time is online, it waits for such a one.
 *
 * @param stored what the store holds now of each artifact of the job, by name
 * @param apiKeyId whose the experiment is; null for a service without keys
 */
export async function submitVerification(
  { db, now }: Clocked,
  {
    jobId,
    stored,
    apiKeyId = null,
  }: { jobId: string; stored: Readonly<Record<string, ArtifactState>>; apiKeyId?: string | null },
): Promise<VerificationRequest> {
  const original = await db.job.findUnique({ where: { id: jobId }, include: related });
  if (!original) return { outcome: 'absent' };
  if (original.status !== 'succeeded') {
    const detail = `${jobId} is ${original.status}: only a job that has succeeded has a result to verify.`;
    return { outcome: 'not_verifiable', detail };
  }
  // The result was taken over, while what it would be computed from is computed anew.
  const open = original.parents.find(({ parent }) => parent.status !== 'succeeded');
  if (open) {
    const detail = `${open.parentId}, from which ${jobId} is computed, is ${open.parent.status}: verify the job once that has succeeded.`;
    return { outcome: 'not_verifiable', detail };
  }
  return { outcome: 'accepted', jobId: await db.transaction((tx) => write(tx, original, { now, stored, apiKeyId })) };
}

const related = {
  experiment: true,
  parents: { include: { parent: { select: { status: true } } } },
} as const satisfies Prisma.JobInclude;

async function write(
  tx: SqlTransaction,
  original: Prisma.JobGetPayload<{ include: typeof related }>,
  { now, stored, apiKeyId }: { now: Date; stored: Readonly<Record<string, ArtifactState>>; apiKeyId: string | null },
): Promise<string> {
  const id = newId('job');
  const name = `verify ${original.name}`;
  const spec = original.experiment.spec as unknown as ExperimentSpec;
  const first = original.result as unknown as JobResult;
  const description = `Computes ${original.id} of ${original.experimentId} again, to compare the results. The spec is that experiment's.`;
  const change = new Change(tx, newId('exp'), now);
  tx.$send`
    INSERT INTO experiments (id, name, description, metadata, spec, job_count, open_jobs, api_key_id, created_at)
    VALUES (
      ${change.experimentId}, ${name.slice(0, 200)}, ${description}, ${JSON.stringify({ verifies: original.id })}::jsonb,
      ${JSON.stringify({ ...spec, reuse: false })}::json, 1, 1, ${apiKeyId}, ${now})`;
  // With the engine of the first time, where a worker has it now.
  tx.$send`
    INSERT INTO jobs (
      id, experiment_id, ordinal, kind, status, name, labels, spec, fingerprint, seed, reuse, waiting_for, max_attempts,
      max_duration_seconds, engine, created_at)
    SELECT ${id}, ${change.experimentId}, 0, kind, 'blocked', ${name}, labels, spec, fingerprint, seed, false, 0, max_attempts,
      max_duration_seconds, (
        SELECT engine ->> 'name' FROM workers
        WHERE status = 'online' AND engine ->> 'name' = ${first.provenance.engine.name} LIMIT 1),
      ${now}::timestamptz
    FROM jobs WHERE id = ${original.id}`;
  tx.$send`
    INSERT INTO job_edges (child_id, role, parent_id)
    SELECT ${id}, role, parent_id FROM job_edges WHERE child_id = ${original.id}`;
  tx.$send`
    INSERT INTO job_uploads (job_id, role, sha256)
    SELECT ${id}, role, sha256 FROM job_uploads WHERE job_id = ${original.id}`;
  tx.$send`
    INSERT INTO tasks (id, job_id, status, created_at) VALUES (${newId('task')}, ${id}, 'blocked', ${now})`;
  tx.$send`
    INSERT INTO verifications (job_id, original_id, stored)
    VALUES (${id}, ${original.id}, ${JSON.stringify(stored)}::jsonb)`;
  change.emit('experiment.created', null, { name, jobs: 1, reused: 0 });
  await queueJobs(change, [{ id, name }]);
  change.complete();
  return id;
}
