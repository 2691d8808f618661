import { jobStatuses, type ExperimentSpec, type JobStatus } from '@retort/contracts';
import type { Prisma } from '@retort/store';
import { type Queryable } from '@retort/store';
import { pageOf, type Page, type PageRequest } from './page.js';
import type { ExperimentView, JobCounts } from './views.js';

type ExperimentRow = Prisma.ExperimentGetPayload<object>;

interface Tally {
  readonly counts: JobCounts;
  readonly reused: number;
}

/** One experiment, or undefined where there is none with this id. */
export async function readExperiment(db: Queryable, id: string): Promise<ExperimentView | undefined> {
  const row = await db.experiment.findUnique({ where: { id } });
  return row ? (await withTallies(db, [row]))[0] : undefined;
}

/** A page of the experiments, the newest first. */
export async function listExperiments(db: Queryable, { limit, after }: PageRequest): Promise<Page<ExperimentView>> {
  const rows = await db.experiment.findMany({
    where: after === undefined ? {} : { id: { lt: after } },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const { data, ...rest } = pageOf(rows, limit);
  return { data: await withTallies(db, data), ...rest };
}

async function withTallies(db: Queryable, rows: ExperimentRow[]): Promise<ExperimentView[]> {
  const tallies = await countJobs(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => experimentView(row, tallies.get(row.id) ?? { counts: noJobs(), reused: 0 }));
}

async function countJobs(db: Queryable, experimentIds: string[]): Promise<Map<string, Tally>> {
  const groups = await db.job.groupBy({
    by: ['experimentId', 'status'],
    where: { experimentId: { in: experimentIds } },
    _count: { _all: true, reusedFromId: true },
  });
  const tallies = new Map<string, Tally>();
  for (const { experimentId, status, _count } of groups) {
    const { counts, reused } = tallies.get(experimentId) ?? { counts: noJobs(), reused: 0 };
    tallies.set(experimentId, {
      counts: { ...counts, [status]: _count._all },
      reused: reused + _count.reusedFromId,
    });
  }
  return tallies;
}

/** A zero for every status. */
export function noJobs(): JobCounts {
  return Object.fromEntries(jobStatuses.map((status: JobStatus) => [status, 0])) as JobCounts;
}

function experimentView(row: ExperimentRow, { counts, reused }: Tally): ExperimentView {
  const ended = counts.failed > 0 ? 'failed' : counts.cancelled > 0 ? 'cancelled' : 'succeeded';
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    metadata: row.metadata as Record<string, string>,
    status: row.finishedAt === null ? 'running' : ended,
    jobs: {
      total: row.jobCount,
      open: row.openJobs,
      reused,
      by_status: counts,
    },
    api_key_id: row.apiKeyId,
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
    spec: row.spec as unknown as ExperimentSpec,
  };
}
