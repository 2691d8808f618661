import { changeExperiment, type Change, type Clocked } from './change.js';
import { leaveOutbox } from './outbox.js';
import { parkJobs, queueJobs, queueNextAttempt } from './settle.js';
import { alignJob, queueMergeIfDue } from './shares.js';

const jobForPause = {
  select: {
    id: true,
    name: true,
    status: true,
    waitingFor: true,
    pauseRequestedAt: true,
    tasks: { select: { id: true, jobId: true, role: true, shard: true, shards: true, status: true, attempt: true } },
  },
  orderBy: { ordinal: 'asc' },
} as const;

type JobForPause = Awaited<ReturnType<typeof jobsOf>>[number];

/** Which jobs are meant: one, or all of an experiment. */
type Which = { readonly jobId: string } | { readonly experimentId: string };

/**
 * Pauses jobs: at once where they wait; where one runs, once its worker has stopped with a checkpoint.
 *
 * What has ended, or is paused already, stays as it is. A job that succeeds before its worker hears of the request has
 * succeeded.
 *
 * @returns the tasks whose workers are to be told; undefined where there is no such job or experiment
 */
export async function pause(clocked: Clocked, which: Which): Promise<{ runningTasks: string[] } | undefined> {
  return changeJobs(clocked, which, async (change, jobs) => {
    const { tx, now } = change;
    await parkJobs(
      change,
      jobs.filter(({ status }) => status === 'blocked' || status === 'queued'),
    );
    const running = jobs.filter(({ status }) => status === 'running');
    const asked = running.filter(({ pauseRequestedAt }) => !pauseRequestedAt);
    const askedIds = asked.map(({ id }) => id);
    await tx.job.updateMany({ where: { id: { in: askedIds } }, data: { pauseRequestedAt: now } });
    // Of a job whose parts run, those that wait are not to be taken any more.
    await tx.task.updateMany({ where: { jobId: { in: askedIds }, status: 'queued' }, data: { status: 'paused' } });
    await leaveOutbox(tx, askedIds);
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
    const asked = jobs.filter(({ pauseRequestedAt }) => pauseRequestedAt);
    await tx.job.updateMany({ where: { id: { in: asked.map(({ id }) => id) } }, data: { pauseRequestedAt: null } });
    const paused = jobs.filter(({ status }) => status === 'paused');
    for (const { id, name } of paused) change.emit('job.resumed', id, { name });
    const blocked = paused.filter(({ waitingFor }) => waitingFor > 0).map(({ id }) => id);
    await tx.job.updateMany({ where: { id: { in: blocked } }, data: { status: 'blocked' } });
    await tx.task.updateMany({ where: { jobId: { in: blocked } }, data: { status: 'blocked' } });
    const ready = jobs.filter((job) => job.waitingFor === 0 && (job.status === 'paused' || asked.includes(job)));
    // What was never queued is queued with the rest of its kind; an attempt that was is followed by the next.
    const untouched = ready.filter(({ tasks }) => tasks.every(({ attempt }) => attempt === 0));
    await queueJobs(change, untouched);
    await unparkMerges(change, ready);
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
async function unparkMerges({ tx }: Change, jobs: readonly JobForPause[]): Promise<void> {
  const merges = jobs.flatMap(({ tasks }) => tasks.filter(({ role }) => role === 'merge'));
  const parked = merges.filter(({ status, attempt }) => status === 'paused' && attempt === 0);
  if (parked.length === 0) return;
  await tx.task.updateMany({ where: { id: { in: parked.map(({ id }) => id) } }, data: { status: 'blocked' } });
}

async function changeJobs<T>(
  clocked: Clocked,
  which: Which,
  work: (change: Change, jobs: JobForPause[]) => Promise<T>,
): Promise<T | undefined> {
  const experimentId = await experimentOf(clocked, which);
  if (experimentId === undefined) return undefined;
  return changeExperiment(clocked, experimentId, async (change) => work(change, await jobsOf(change, which)));
}

async function experimentOf({ db }: Clocked, which: Which): Promise<string | undefined> {
  if ('jobId' in which) {
    const job = await db.job.findUnique({ where: { id: which.jobId }, select: { experimentId: true } });
    return job?.experimentId;
  }
  const experiment = await db.experiment.findUnique({ where: { id: which.experimentId }, select: { id: true } });
  return experiment?.id;
}

function jobsOf({ tx }: Change, which: Which) {
  const where = 'jobId' in which ? { id: which.jobId } : { experimentId: which.experimentId };
  return tx.job.findMany({ where, ...jobForPause });
}
