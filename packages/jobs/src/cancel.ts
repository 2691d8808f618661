import { isTerminal, openStatuses, type JobStatus } from '@retort/contracts';
import { changeExperiment, type Change, type Clocked } from './change.js';
import { leaveOutbox } from './outbox.js';
import { endJob, endJobs } from './settle.js';

const runningTasks = { where: { status: 'running' }, select: { id: true } } as const;

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
    const { tx, now } = change;
    const jobs = await tx.job.findMany({
      where: { experimentId, status: { in: [...openStatuses] } },
      select: { id: true, name: true, cancelRequestedAt: true, tasks: runningTasks },
      orderBy: { ordinal: 'asc' },
    });
    // A job that waits is cancelled in its own right, not as a descendant of another.
    const waiting = jobs.filter(({ tasks }) => tasks.length === 0);
    await endJobs(change, waiting, { reason: 'cancelled_by_request' });
    const running = jobs.filter(({ tasks }) => tasks.length > 0);
    const asked = running.filter(({ cancelRequestedAt }) => !cancelRequestedAt);
    const askedIds = asked.map(({ id }) => id);
    await tx.job.updateMany({ where: { id: { in: askedIds } }, data: { cancelRequestedAt: now } });
    await cancelWaitingTasks(change, askedIds);
    for (const { id, name } of asked) change.emit('job.cancelling', id, { name });
    return { runningTasks: running.flatMap(({ tasks }) => tasks.map(({ id }) => id)) };
  });
}

async function cancel(change: Change, jobId: string): Promise<Cancellation> {
  const { tx, now } = change;
  const job = await tx.job.findUniqueOrThrow({
    where: { id: jobId },
    include: { tasks: runningTasks },
  });
  if (isTerminal(job.status)) return { status: job.status, runningTasks: [] };
  if (job.tasks.length === 0) {
    await endJob(change, job, { reason: 'cancelled_by_request' });
    return { status: 'cancelled', runningTasks: [] };
  }
  if (!job.cancelRequestedAt) {
    await tx.job.update({ where: { id: jobId }, data: { cancelRequestedAt: now } });
    await cancelWaitingTasks(change, [jobId]);
    change.emit('job.cancelling', jobId, { name: job.name });
  }
  return { status: job.status, runningTasks: job.tasks.map(({ id }) => id) };
}

/** Of jobs that are to stop, what no worker has taken yet is not to be taken any more. */
async function cancelWaitingTasks({ tx }: Change, jobIds: readonly string[]): Promise<void> {
  await tx.task.updateMany({
    where: { jobId: { in: [...jobIds] }, status: { in: ['blocked', 'queued', 'paused'] } },
    data: { status: 'cancelled' },
  });
  await leaveOutbox(tx, jobIds);
}
