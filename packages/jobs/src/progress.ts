import type { MetricPoint, Progress } from '@retort/contracts';
import type { Prisma } from '@retort/store';
import { changeExperiment, type Clocked } from './change.js';
import type { Lease } from './claim.js';

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
    const held = await tx.task.count({ where: { id: lease.taskId, leaseToken: lease.token } });
    if (held === 0) return 'fenced';
    for (const epoch of report.epochs) change.emit('job.epoch', jobId, epoch as Prisma.InputJsonObject);
    if (report.progress) {
      await tx.job.update({ where: { id: jobId }, data: { progress: report.progress } });
      change.emit('job.progress', jobId, { ...report.progress });
    }
    await tx.metric.createMany({
      data: report.points.map((point) => ({ ...point, jobId, createdAt: change.now })),
      skipDuplicates: true,
    });
    return 'recorded';
  });
}
