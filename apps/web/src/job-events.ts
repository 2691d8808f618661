import type { JobStatus, Progress, RetortEvent } from '@retort/contracts';
import type { Job } from './answers.js';

const statusAfter: Partial<Record<RetortEvent['type'], JobStatus>> = {
  'job.queued': 'queued',
  'job.following': 'blocked',
  'job.retrying': 'queued',
  'job.started': 'running',
  'job.paused': 'paused',
  'job.succeeded': 'succeeded',
  'job.failed': 'failed',
  'job.cancelled': 'cancelled',
};

/** A job as it is after an event of it; the same object where the event changes nothing that is shown. */
export function afterEvent(job: Job, { type, data }: RetortEvent): Job {
  if (type === 'job.progress') return { ...job, progress: data as unknown as Progress };
  const status = type === 'job.resumed' ? (data.status as JobStatus) : statusAfter[type];
  if (!status) return job;
  const progress = status === 'succeeded' ? { fraction: 1 } : status === 'running' ? { fraction: 0 } : job.progress;
  return { ...job, status, progress, waiting_for: null, reason: textOf(data.reason), detail: textOf(data.detail) };
}

/** Whether an event can change what the experiment has found. */
export function changesResults({ type }: RetortEvent): boolean {
  return ['job.succeeded', 'job.failed', 'job.cancelled', 'experiment.finished'].includes(type);
}

/** Whether an event can change what may be done to the experiment. */
export function changesActions({ type }: RetortEvent): boolean {
  return ['job.paused', 'job.resumed'].includes(type);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
