import type { JobStatus } from '@retort/contracts';
import { changeExperiment, type Change, type Clocked } from './change.js';
import { leaveOutbox } from './outbox.js';
import { parkJobs, queueJobs, queueNextAttempt, type JobRef } from './settle.js';
import { alignJob, queueMergeIfDue, type TaskRef } from './shares.js';
import { experimentOf, type Which } from './which-jobs.js';

/** A job, whether a pause of it was asked for, and its tasks. */
interface JobForPause extends JobRef {
  readonly status: JobStatus;
  readonly waitingFor: number;
  readonly asked: boolean;
  readonly tasks: (TaskRef & { readonly status: JobStatus; readonly attempt: number })[];
}

/**
 * Pauses jobs: at once where they wait; where one runs, once its worker has stopped with a checkpoint.
 *
 * What has ended, or is paused already, stays as it is. A job that succeeds before its worker hears of the request has
 * succeeded.
 *
 * @returns the tasks whose workers are to be told; undefined where there is no such job or experiment
 */
export async function pause(clocked: Clocked, which: Which): Promise<{ runningTasks: string[] } | undefined> {
  return changeJobs(clocked, which, (change, jobs) => {
    const { tx, now } = change;
    parkJobs(
      change,
      jobs.filter(({ status }) => status === 'blocked' || status === 'queued'),
    );
    const running = jobs.filter(({ status }) => status === 'running');
    const asked = running.filter((job) => !job.asked);
    const ids = asked.map(({ id }) => id);
    if (ids.length > 0) {
      // Of a job whose parts run, those that wait are not to be taken any more.
      tx.$send`
        WITH asked AS (UPDATE jobs SET pause_requested_at = ${now} WHERE id = ANY(${ids}::text[]))
        UPDATE tasks SET status = 'paused' WHERE job_id = ANY(${ids}::text[]) AND status = 'queued'`;
      leaveOutbox(change, ids);
    }
    for (const { id, name } of asked) change.emit('job.pausing', id, { name });
    const runningTasks = running.flatMap(({ tasks }) => tasks.filter(({ status }) => status === 'running'));
    return { runningTasks: runningTasks.map(({ id }) => id) };
  });
}

/**
 * Resumes jobs: what is paused waits again for its parents or for a worker, which goes on from the last checkpoint; a
 * pause that was asked for and has not come about is taken back.
 *
 * @returns undefined where there is no such job or experiment
 */
export async function resume(clocked: Clocked, which: Which): Promise<Record<string, never> | undefined> {
  return changeJobs(clocked, which, async (change, jobs) => {
    const { tx } = change;
    const asked = jobs.filter((job) => job.asked);
    const paused = jobs.filter(({ status }) => status === 'paused');
    for (const { id, name, waitingFor } of paused) {
      change.emit('job.resumed', id, { name, status: waitingFor > 0 ? 'blocked' : 'queued' });
    }
    const blocked = paused.filter(({ waitingFor }) => waitingFor > 0).map(({ id }) => id);
    tx.$send`
      WITH blocked AS (UPDATE tasks SET status = 'blocked' WHERE job_id = ANY(${blocked}::text[]))
      UPDATE jobs SET
        pause_requested_at = NULL,
        status = CASE WHEN id = ANY(${blocked}::text[]) THEN 'blocked' ELSE status END
      WHERE id = ANY(${[...asked.map(({ id }) => id), ...blocked]}::text[])`;
    const ready = jobs.filter((job) => job.waitingFor === 0 && (job.status === 'paused' || asked.includes(job)));
    // What was never queued is queued with the rest of its kind; an attempt that was is followed by the next.
    const untouched = ready.filter(({ tasks }) => tasks.every(({ attempt }) => attempt === 0));
    await queueJobs(change, untouched);
    unparkMerges(change, ready);
    for (const { tasks } of ready) {
      const parked = tasks.filter(({ status, attempt }) => status === 'paused' && attempt > 0);
      for (const task of parked) await queueNextAttempt(change, task, change.now);
    }
    for (const job of ready.filter(({ tasks }) => tasks.length > 1 && tasks.some(({ attempt }) => attempt > 0))) {
      await queueMergeIfDue(change, job);
      await alignJob(change, job.id);
    }
    return {};
  });
}

/** A merge that was never queued waits again for its parts. */
function unparkMerges({ tx }: Change, jobs: readonly JobForPause[]): void {
  const merges = jobs.flatMap(({ tasks }) => tasks.filter(({ role }) => role === 'merge'));
  const parked = merges.filter(({ status, attempt }) => status === 'paused' && attempt === 0);
  if (parked.length === 0) return;
  tx.$send`UPDATE tasks SET status = 'blocked' WHERE id = ANY(${parked.map(({ id }) => id)}::text[])`;
}

async function changeJobs<T>(
  clocked: Clocked,
  which: Which,
  work: (change: Change, jobs: JobForPause[]) => T | Promise<T>,
): Promise<T | undefined> {
  const experimentId = await experimentOf(clocked, which);
  if (experimentId === undefined) return undefined;
  return changeExperiment(clocked, experimentId, async (change) => work(change, await jobsOf(change, which)));
}

async function jobsOf({ tx }: Change, which: Which): Promise<JobForPause[]> {
  const [jobId, experimentId] = 'jobId' in which ? [which.jobId, null] : [null, which.experimentId];
  return tx.$queryRaw<JobForPause[]>`
    SELECT id, name, status, waiting_for AS "waitingFor", pause_requested_at IS NOT NULL AS asked,
      array_to_json(ARRAY(
        SELECT json_build_object(
          'id', id, 'jobId', job_id, 'role', role, 'shard', shard, 'shards', shards, 'status', status, 'attempt', attempt)
        FROM tasks WHERE job_id = jobs.id ORDER BY id
      )) AS tasks
    FROM jobs WHERE id = ${jobId} OR experiment_id = ${experimentId} ORDER BY ordinal`;
}
