import type { SpecProblem } from '@retort/contracts';
import type { Prisma, Queryable } from '@retort/store';
import { Change, settleAfterwards, type Clocked } from './change.js';
import { newId } from './id.js';
import { bodyHash } from './plan/fingerprint.js';
import { planInTurns, type Plan } from './plan/plan.js';
import { findReusable, type IsKept, type Reusable } from './reusable.js';
import { queueJobs } from './settle.js';
import { sharesOf } from './shares.js';
import { missingUploads } from './uploads.js';

export type Submission =
  | { outcome: 'accepted'; experimentId: string; replayed: boolean }
  | { outcome: 'invalid'; problems: SpecProblem[] }
  | { outcome: 'key_reused'; experimentId: string };

/**
 * Accepts a posted spec: one transaction writes the experiment, its jobs and tasks, the first events and the outbox.
 *
 * @param apiKeyId whose experiment it is; null for a service without keys
 * @param idempotencyKey the same key of the same owner with the same body is answered with the experiment that it made before
 * @param isKept looks for the artifacts of what is reused; where absent, they are taken to be there
 */
export async function submitExperiment(
  clocked: Clocked,
  {
    body,
    apiKeyId = null,
    idempotencyKey,
    isKept = () => Promise.resolve(true),
  }: { body: unknown; apiKeyId?: string | null; idempotencyKey?: string; isKept?: IsKept },
): Promise<Submission> {
  const planning = await planInTurns(body);
  if (!planning.ok) return { outcome: 'invalid', problems: planning.problems };
  const { db, now } = clocked;
  const owner = apiKeyId ?? '';
  let settled: ReadonlySet<string> = new Set();
  const submission = await db.$transaction(
    async (tx): Promise<Submission> => {
      if (idempotencyKey !== undefined) {
        // Equal keys queue up here, so that of a hundred at once one writes and the others find what it wrote.
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${owner + idempotencyKey}, 0))`;
        const known = await tx.idempotencyKey.findUnique({ where: { owner_key: { owner, key: idempotencyKey } } });
        if (known) {
          const { experimentId } = known;
          const same = known.bodySha256 === bodyHash(body);
          return same ? { outcome: 'accepted', experimentId, replayed: true } : { outcome: 'key_reused', experimentId };
        }
      }
      const problems = await missingUploads(tx, body, planning.plan.jobs);
      if (problems.length > 0) return { outcome: 'invalid', problems };
      const change = await writeExperiment(tx, planning.plan, { now, apiKeyId, isKept });
      const { experimentId } = change;
      settled = change.settled;
      if (idempotencyKey !== undefined) {
        const data = { owner, key: idempotencyKey, bodySha256: bodyHash(body), experimentId };
        await tx.idempotencyKey.create({ data });
      }
      return { outcome: 'accepted', experimentId, replayed: false };
    },
    { timeout: 60_000, maxWait: 30_000 },
  );
  await settleAfterwards(clocked, settled);
  return submission;
}

/** Rows written in one query, so that the process answers others between two. */
const ROWS_AT_A_TIME = 1000;

async function writeExperiment(
  tx: Queryable,
  { spec, jobs }: Plan,
  { now, apiKeyId, isKept }: { now: Date; apiKeyId: string | null; isKept: IsKept },
): Promise<Change> {
  const experimentId = newId('exp');
  const earlier = spec.reuse ? await findReusable(tx, jobs, { isKept, now }) : new Map<string, Reusable>();
  const rows = jobs.map((job) => ({ ...job, id: newId('job'), reused: earlier.get(job.fingerprint) }));
  const open = rows.filter((row) => !row.reused);
  const waitingFor = (row: (typeof rows)[number]) =>
    Object.values(row.parents).filter((parent) => !rows[parent]!.reused).length;

  await tx.experiment.create({
    data: {
      id: experimentId,
      name: spec.name,
      description: spec.description ?? null,
      metadata: spec.metadata,
      spec: spec as unknown as Prisma.InputJsonObject,
      jobCount: rows.length,
      openJobs: open.length,
      apiKeyId,
      createdAt: now,
      finishedAt: open.length ? null : now,
    },
  });
  const written = rows.map((row, ordinal) => ({
    id: row.id,
    experimentId,
    ordinal,
    kind: row.spec.kind,
    name: row.name,
    labels: row.labels as Prisma.InputJsonObject,
    spec: row.spec as unknown as Prisma.InputJsonObject,
    fingerprint: row.fingerprint,
    seed: row.spec.seed,
    reuse: spec.reuse,
    maxAttempts: spec.limits.max_attempts,
    maxDurationSeconds: spec.limits.max_duration_seconds,
    queueTimeoutSeconds: spec.limits.queue_timeout_seconds ?? null,
    priority: spec.priority,
    engine: spec.engine ?? null,
    createdAt: now,
    waitingFor: row.reused ? 0 : waitingFor(row),
    ...(row.reused
      ? {
          status: 'succeeded' as const,
          reason: 'reused',
          detail: `equal to ${row.reused.id}, which had succeeded before`,
          result: row.reused.result as unknown as Prisma.InputJsonObject,
          reusedFromId: row.reused.id,
          progress: { fraction: 1 },
          finishedAt: now,
        }
      : { status: 'blocked' as const }),
  }));
  for (const data of chunk(written, ROWS_AT_A_TIME)) await tx.job.createMany({ data });
  const edges = rows.flatMap((row) =>
    Object.entries(row.parents).map(([role, parent]) => [row.id, role, rows[parent]!.id] as const),
  );
  for (const part of chunk(edges, ROWS_AT_A_TIME * 10)) {
    // As one text: a parameter for each value takes Prisma minutes where there are two hundred thousand edges.
    await tx.$executeRaw`
      INSERT INTO job_edges (child_id, role, parent_id)
      SELECT edge ->> 0, edge ->> 1, edge ->> 2 FROM jsonb_array_elements(${JSON.stringify(part)}::jsonb) edge`;
  }
  await tx.task.createMany({
    data: open.flatMap(({ id: jobId, shards }) =>
      sharesOf(shards).map((share) => ({
        id: newId('task'),
        jobId,
        ...share,
        status: 'blocked' as const,
        createdAt: now,
      })),
    ),
  });
  await tx.jobArtifact.createMany({
    data: rows.flatMap((row) => row.reused?.artifacts.map((artifact) => ({ ...artifact, jobId: row.id })) ?? []),
  });
  await tx.jobUpload.createMany({
    data: rows.flatMap((row) =>
      Object.entries(row.spec.uploads ?? {}).map(([role, sha256]) => ({ jobId: row.id, role, sha256 })),
    ),
  });

  const change = new Change(tx, experimentId, now);
  change.emit('experiment.created', null, { name: spec.name, jobs: rows.length, reused: rows.length - open.length });
  const ready = open.filter((row) => waitingFor(row) === 0);
  await queueJobs(change, ready);
  if (open.length === 0) change.emit('experiment.finished', null, { status: 'succeeded' });
  await change.complete();
  return change;
}

/** The items in parts of at most so many. */
function* chunk<T>(items: readonly T[], size: number): Generator<T[], void> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
