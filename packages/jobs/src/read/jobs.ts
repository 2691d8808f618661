import { toJsonNumber, type JobKind, type JobStatus } from '@retort/contracts';
import type { Prisma, Queryable } from '@retort/store';
import { pageOf, type Page, type PageRequest } from './page.js';
import type { ArtifactView, AttemptView, JobView, MetricView, TaskView } from './views.js';
import { readWaiting, type JobReading } from './waiting.js';

const related = {
  parents: { select: { role: true, parentId: true }, orderBy: { role: 'asc' } },
  artifacts: { include: { artifact: true }, orderBy: { name: 'asc' } },
  tasks: { select: { shards: true, spentAttempts: true, _count: { select: { attempts: true } } } },
} as const satisfies Prisma.JobInclude;

type JobRow = Prisma.JobGetPayload<{ include: typeof related }>;

export interface JobFilter {
  readonly status?: JobStatus;
  readonly kind?: JobKind;
  readonly experimentId?: string;
  readonly fingerprint?: string;
}

/** One job, or undefined where there is none with this id. */
export async function readJob(reading: JobReading, id: string): Promise<JobView | undefined> {
  const row = await reading.db.job.findUnique({ where: { id }, include: related });
  return row ? (await viewsOf(reading, [row]))[0] : undefined;
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
  // Identifiers are made in the order of the plan and sort by the time they were made.
  const beyond = order === 'newest' ? { lt: after } : { gt: after };
  const rows = await reading.db.job.findMany({
    where: { ...filter, ...(after !== undefined && { id: beyond }) },
    include: related,
    orderBy: { id: order === 'newest' ? 'desc' : 'asc' },
    take: limit + 1,
  });
  return pageOf(await viewsOf(reading, rows), limit);
}

/** All jobs of an experiment, in the order of its plan. */
export async function readJobsOf(reading: JobReading, experimentId: string): Promise<JobView[]> {
  const rows = await reading.db.job.findMany({
    where: { experimentId },
    include: related,
    orderBy: { ordinal: 'asc' },
  });
  return viewsOf(reading, rows);
}

/** The points of a job's curves, by name and step. */
export async function readMetrics(db: Queryable, jobId: string): Promise<MetricView[]> {
  const rows = await db.metric.findMany({ where: { jobId }, orderBy: [{ name: 'asc' }, { step: 'asc' }] });
  return rows.map(({ name, step, epoch, value, createdAt }) => ({
    name,
    step,
    epoch,
    value: toJsonNumber(value),
    created_at: createdAt.toISOString(),
  }));
}

/** The tasks of a job: the parts by number, then their merge; or the one that does all of it. */
export async function readTasks(db: Queryable, jobId: string): Promise<TaskView[]> {
  const rows = await db.task.findMany({ where: { jobId }, orderBy: [{ role: 'asc' }, { shard: 'asc' }] });
  return rows.map(({ id, role, shard, shards, status, attempt, workerId, progress, startedAt }) => ({
    id,
    role,
    shard,
    shards,
    status,
    attempt,
    worker_id: workerId,
    progress: status === 'succeeded' ? 1 : progress,
    started_at: startedAt?.toISOString() ?? null,
  }));
}

/** The attempts at a job's tasks, in the order in which they started. */
export async function readAttempts(db: Queryable, jobId: string): Promise<AttemptView[]> {
  const rows = await db.attempt.findMany({
    where: { task: { jobId } },
    include: { task: { select: { role: true, shard: true } } },
    orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map((row) => ({
    id: row.id,
    role: row.task.role,
    shard: row.task.shard,
    number: row.number,
    worker_id: row.workerId,
    engine: row.engine as AttemptView['engine'],
    started_at: row.startedAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
    reason: row.reason as AttemptView['reason'],
    detail: row.detail,
  }));
}

/** What is known of one artifact of a job, or undefined where it has none of this name. */
export async function readArtifact(db: Queryable, jobId: string, name: string): Promise<ArtifactView | undefined> {
  const row = await db.jobArtifact.findUnique({ where: { jobId_name: { jobId, name } }, include: { artifact: true } });
  return row ? artifactView(row) : undefined;
}

async function viewsOf(reading: JobReading, rows: readonly JobRow[]): Promise<JobView[]> {
  const waits = await readWaiting(reading, rows);
  return rows.map((row) => jobView(row, waits.get(row.id) ?? null));
}

function jobView(row: JobRow, waitingFor: JobView['waiting_for']): JobView {
  return {
    id: row.id,
    experiment_id: row.experimentId,
    kind: row.kind,
    name: row.name,
    status: row.status,
    reason: row.reason as JobView['reason'],
    detail: row.detail,
    waiting_for: waitingFor,
    priority: row.priority,
    engine: row.engine as JobView['engine'],
    cancel_requested: row.cancelRequestedAt !== null,
    labels: row.labels as unknown as JobView['labels'],
    spec: row.spec as unknown as JobView['spec'],
    fingerprint: row.fingerprint,
    seed: row.seed,
    progress: row.progress as JobView['progress'],
    result: row.result as unknown as JobView['result'],
    parents: row.parents.map(({ role, parentId }) => ({ role, id: parentId })),
    reused_from: row.reusedFromId,
    attempts: {
      started: sum(row.tasks.map((task) => task._count.attempts)),
      spent: Math.max(0, ...row.tasks.map((task) => task.spentAttempts)),
      max: row.maxAttempts,
    },
    shards: row.tasks[0]?.shards ?? 1,
    artifacts: row.artifacts.map(artifactView),
    created_at: row.createdAt.toISOString(),
    queued_at: row.queuedAt?.toISOString() ?? null,
    started_at: row.startedAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}

function artifactView({ name, artifact }: Pick<JobRow['artifacts'][number], 'name' | 'artifact'>): ArtifactView {
  return { name, sha256: artifact.sha256, bytes: artifact.bytes, media_type: artifact.mediaType };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
