import type { Prisma, Queryable } from '@retort/store';
import { pageOf, type Page, type PageRequest } from './page.js';
import type { ModelView } from './views.js';

const related = { job: { select: { experimentId: true } } } as const satisfies Prisma.ModelInclude;

/** One net, or undefined where there is none with this id. */
export async function readModel(db: Queryable, id: string): Promise<ModelView | undefined> {
  const row = await db.model.findUnique({ where: { id }, include: related });
  return row ? modelView(row) : undefined;
}

/** A page of the nets, the newest first. */
export async function listModels(db: Queryable, { limit, after }: PageRequest): Promise<Page<ModelView>> {
  const rows = await db.model.findMany({
    where: after === undefined ? {} : { id: { lt: after } },
    include: related,
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  return pageOf(rows.map(modelView), limit);
}

function modelView(row: Prisma.ModelGetPayload<{ include: typeof related }>): ModelView {
  return {
    id: row.id,
    job_id: row.jobId,
    experiment_id: row.job.experimentId,
    name: row.name,
    kind: row.kind,
    architecture: row.architecture,
    dataset: row.dataset,
    training_temperature: row.trainingTemperature,
    deployment_temperature: row.deploymentTemperature,
    test_accuracy: row.testAccuracy,
    weights_sha256: row.weightsSha256,
    created_at: row.createdAt.toISOString(),
  };
}
