import { isTerminal, openStatuses, type JobStatus } from '@retort/contracts';
import { changeExperiment, type Change, type Clocked } from './change.js';
import { leaveOutbox } from './outbox.js';
import { endJob, endJobs, type JobRef } from './settle.js';
import { experimentOf } from './which-jobs.js';

export interface Cancellation {
  /** The job's status after the request: `cancelled`, still `running` until its worker stops, or the one it had ended in. */
  readonly status: JobStatus;
  /** Tasks whose workers are to be told. */
  readonly runningTasks: string[];
}

/** Cancels a job: at once where it waits, by a flag that its worker reads where it runs; undefined where there is none. */
export async function cancelJob(clocked: Clocked, jobId: string): Promise<Cancellation | undefined> {
  const experimentId = await experimentOf(clocked, { jobId });
  if (experimentId === undefined) return undefined;
  return changeExperiment(clocked, experimentId, (change) => cancel(change, jobId));
}

/** Cancels every job of an experiment that has not ended; undefined where there is no such experiment. */
export async function cancelExperiment(
  clocked: Clocked,
  experimentId: string,
): Promise<{ runningTasks: string[] } | undefined> {
  if ((await experimentOf(clocked, { experimentId })) === undefined) return undefined;
  return changeExperiment(clocked, experimentId, async (change) => {
    const jobs = await change.tx.$queryRaw<OpenJob[]>`
      SELECT id, name, status, cancel_requested_at IS NOT NULL AS asked,
        ARRAY(SELECT id FROM tasks WHERE job_id = jobs.id AND status = 'running') AS running
      FROM jobs WHERE experiment_id = ${experimentId} AND status = ANY(${openStatuses}::job_status[]) ORDER BY ordinal`;
    // A job that waits is cancelled in its own right, not as a descendant of another.
    const waiting = jobs.filter(({ running }) => running.length === 0);
    endJobs(change, waiting, { reason: 'cancelled_by_request' });
    return {
      runningTasks: askToStop(
        change,
        jobs.filter(({ running }) => running.length > 0),
      ),
    };
  });
}

/** A job, whether its cancellation was asked for before, and those of its tasks that run. */
interface OpenJob extends JobRef {
  readonly status: JobStatus;
  readonly asked: boolean;
  readonly running: string[];
}

async function cancel(change: Change, jobId: string): Promise<Cancellation | undefined> {
  const [job] = await change.tx.$queryRaw<OpenJob[]>`
    SELECT id, name, status, cancel_requested_at IS NOT NULL AS asked,
      ARRAY(SELECT id FROM tasks WHERE job_id = jobs.id AND status = 'running') AS running
    FROM jobs WHERE id = ${jobId}`;
  if (!job) return undefined;
  if (isTerminal(job.status)) return { status: job.status, runningTasks: [] };
  if (job.running.length === 0) {
    await endJob(change, job, { reason: 'cancelled_by_request' });
    return { status: 'cancelled', runningTasks: [] };
  }
  return { status: job.status, runningTasks: askToStop(change, [job]) };
}

/**
 * Asks for the end of jobs that run; what of them no worker has taken yet is not to be taken any more.
 *
 * @returns the tasks whose workers are to be told
 */
function askToStop(change: Change, jobs: readonly OpenJob[]): string[] {
  const { tx, now } = change;
  const asked = jobs.filter((job) => !job.asked);
  const ids = asked.map(({ id }) => id);
  if (ids.length > 0) {
    tx.$send`
      WITH asked AS (UPDATE jobs SET cancel_requested_at = ${now} WHERE id = ANY(${ids}::text[]))
      UPDATE tasks SET status = 'cancelled'
      WHERE job_id = ANY(${ids}::text[]) AND status IN ('blocked', 'queued', 'paused')`;
    leaveOutbox(change, ids);
  }
  for (const { id, name } of asked) change.emit('job.cancelling', id, { name });
  return jobs.flatMap(({ running }) => running);
}
