import type { ExperimentSpec, JobResult } from '@retort/contracts';
import type { Prisma, Queryable } from '@retort/store';
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
  return { outcome: 'accepted', jobId: await db.$transaction((tx) => write(tx, original, { now, stored, apiKeyId })) };
}

const related = {
  experiment: true,
  uploads: true,
  parents: { include: { parent: { select: { status: true } } } },
} as const satisfies Prisma.JobInclude;

async function write(
  tx: Queryable,
  original: Prisma.JobGetPayload<{ include: typeof related }>,
  { now, stored, apiKeyId }: { now: Date; stored: Readonly<Record<string, ArtifactState>>; apiKeyId: string | null },
): Promise<string> {
  const id = newId('job');
  const experimentId = newId('exp');
  const name = `verify ${original.name}`;
  const spec = original.experiment.spec as unknown as ExperimentSpec;
  const first = original.result as unknown as JobResult;
  await tx.experiment.create({
    data: {
      id: experimentId,
      name: name.slice(0, 200),
      description: `Computes ${original.id} of ${original.experimentId} again, to compare the results. The spec is that experiment's.`,
      metadata: { verifies: original.id },
      spec: { ...spec, reuse: false } as unknown as Prisma.InputJsonObject,
      jobCount: 1,
      openJobs: 1,
      apiKeyId,
      createdAt: now,
      jobs: {
        create: {
          id,
          ordinal: 0,
          kind: original.kind,
          status: 'blocked',
          name,
          labels: original.labels!,
          spec: original.spec!,
          fingerprint: original.fingerprint,
          seed: original.seed,
          reuse: false,
          waitingFor: 0,
          maxAttempts: original.maxAttempts,
          maxDurationSeconds: original.maxDurationSeconds,
          engine: await engineLike(tx, first.provenance.engine.name),
          createdAt: now,
          parents: { create: original.parents.map(({ role, parentId }) => ({ role, parentId })) },
          uploads: { create: original.uploads.map(({ role, sha256 }) => ({ role, sha256 })) },
          tasks: { create: { id: newId('task'), status: 'blocked', createdAt: now } },
          verification: { create: { originalId: original.id, stored } },
        },
      },
    },
  });
  const change = new Change(tx, experimentId, now);
  change.emit('experiment.created', null, { name, jobs: 1, reused: 0 });
  await queueJobs(change, [{ id, name }]);
  await change.complete();
  return id;
}

/** The name of the engine where a worker has it now; null, for any engine, where none has. */
async function engineLike(tx: Queryable, name: string): Promise<string | null> {
  const workers = await tx.worker.count({ where: { status: 'online', engine: { path: ['name'], equals: name } } });
  return workers > 0 ? name : null;
}
