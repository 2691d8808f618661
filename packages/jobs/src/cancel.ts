import { isTerminal, type JobStatus } from '@retort/contracts';
import { changeExperiment, type Change, type Clocked } from './change.js';
import { endJob } from './settle.js';

export interface Cancellation {
  /** The job's status after the request: `cancelled`, still `running` until its worker stops, or the one it had ended in. */
  readonly status: JobStatus;
  /** Tasks whose workers are to be told. */
  readonly runningTasks: string[];
}

/** Cancels a job: at once where it waits, by a flag that its worker reads where it runs; undefined where there is none. */
export async function cancelJob(clocked: Clocked, jobId: string): Promise<Cancellation | undefined> {
  const job = await clocked.db.job.findUnique({ where: { id: jobId }, select: { experimentId: true } });
  if (!job) return undefined;
  return changeExperiment(clocked, job.experimentId, (change) => cancel(change, jobId));
}

/** Cancels every job of an experiment that has not ended; undefined where there is no such experiment. */
export async function cancelExperiment(
  clocked: Clocked,
  experimentId: string,
): Promise<{ runningTasks: string[] } | undefined> {
  if ((await clocked.db.experiment.count({ where: { id: experimentId } })) === 0) return undefined;
  return changeExperiment(clocked, experimentId, async (change) => {
    // The last first: a job is then cancelled in its own right, not as a descendant of one.
    const jobs = await change.tx.job.findMany({
      where: { experimentId, status: { in: ['blocked', 'queued', 'running', 'paused'] } },
      select: { id: true },
      orderBy: { ordinal: 'desc' },
    });
    const runningTasks: string[] = [];
    for (const { id } of jobs) runningTasks.push(...(await cancel(change, id)).runningTasks);
    return { runningTasks };
  });
}

async function cancel(change: Change, jobId: string): Promise<Cancellation> {
  const { tx, now } = change;
  const job = await tx.job.findUniqueOrThrow({
    where: { id: jobId },
    include: { tasks: { where: { status: 'running' }, select: { id: true } } },
  });
  if (isTerminal(job.status)) return { status: job.status, runningTasks: [] };
  if (job.tasks.length === 0) {
    await endJob(change, job, { reason: 'cancelled_by_request' });
    return { status: 'cancelled', runningTasks: [] };
  }
  if (!job.cancelRequestedAt) {
    await tx.job.update({ where: { id: jobId }, data: { cancelRequestedAt: now } });
    change.emit('job.cancelling', jobId, { name: job.name });
  }
  return { status: job.status, runningTasks: job.tasks.map(({ id }) => id) };
}
