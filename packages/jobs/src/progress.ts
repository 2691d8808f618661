import type { MetricPoint, Progress } from '@retort/contracts';
import type { Prisma, TaskRole } from '@retort/store';
import { changeExperiment, type Change, type Clocked } from './change.js';
import type { Lease } from './claim.js';
import { writeShareProgress } from './shares.js';

/** What has come from a compute child since the last report. */
export interface Report {
  readonly progress?: Progress;
  readonly points: MetricPoint[];
  readonly epochs: Record<string, unknown>[];
}

/** Writes a batch of progress, curve points and epochs, unless the lease is lost. */
export async function recordProgress(clocked: Clocked, lease: Lease, report: Report): Promise<'recorded' | 'fenced'> {
  const { jobId } = lease;
  return changeExperiment(clocked, lease.experimentId, async (change) => {
    const { tx } = change;
    const [task] = await tx.$queryRaw<{ role: TaskRole }[]>`
      SELECT role FROM tasks WHERE id = ${lease.taskId} AND lease_token = ${lease.token}::uuid`;
    if (!task) return 'fenced';
    for (const epoch of report.epochs) change.emit('job.epoch', jobId, epoch as Prisma.InputJsonObject);
    if (report.progress && task.role !== 'whole') {
      tx.$send`UPDATE tasks SET progress = ${report.progress.fraction} WHERE id = ${lease.taskId}`;
      await writeShareProgress(change, jobId);
    } else if (report.progress) {
      tx.$send`UPDATE jobs SET progress = ${JSON.stringify(report.progress)}::jsonb WHERE id = ${jobId}`;
      change.emit('job.progress', jobId, { ...report.progress });
    }
    writePoints(change, jobId, report.points);
    return 'recorded';
  });
}

/** As text, since Prisma writes an infinite number as NaN. */
function writePoints({ tx, now }: Change, jobId: string, points: MetricPoint[]): void {
  if (points.length === 0) return;
  tx.$send`
    INSERT INTO metrics (job_id, name, step, epoch, value, created_at)
    SELECT ${jobId}, name, step, epoch, value::float8, ${now}
    FROM unnest(
      ${points.map(({ name }) => name)}::text[],
      ${points.map(({ step }) => step)}::int[],
      ${points.map(({ epoch }) => epoch)}::int[],
      ${points.map(({ value }) => String(value))}::text[]
    ) AS point (name, step, epoch, value)
    ON CONFLICT (job_id, name, step) DO UPDATE SET value = excluded.value, created_at = excluded.created_at`;
}
