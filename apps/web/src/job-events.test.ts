import type { RetortEvent } from '@retort/contracts';
import { describe, expect, it } from 'vitest';
import type { Job } from './answers.js';
import { afterEvent, changesActions, changesResults } from './job-events.js';

const job: Job = {
  id: 'job-1',
  name: 't20',
  kind: 'train',
  seed: 0,
  labels: { grid: {} },
  status: 'queued',
  reason: null,
  detail: null,
  progress: { fraction: 0 },
  waiting_for: null,
  reused_from: null,
};

function event(type: RetortEvent['type'], data: RetortEvent['data'] = {}): RetortEvent {
  return { id: 1, type, experiment_id: 'exp-1', job_id: 'job-1', created_at: '2026-01-02T03:04:05.000Z', data };
}

function after(...events: RetortEvent[]): Job {
  return events.reduce(afterEvent, job);
}

describe('afterEvent', () => {
  it('follows a job to its success', () => {
    const running = after(event('job.started'), event('job.progress', { fraction: 0.5, message: 'epoch 2 of 4' }));
    expect(running).toMatchObject({ status: 'running', progress: { fraction: 0.5, message: 'epoch 2 of 4' } });
    expect(afterEvent(running, event('job.succeeded', { reason: 'completed', detail: null }))).toMatchObject({
      status: 'succeeded',
      reason: 'completed',
      progress: { fraction: 1 },
    });
  });

  it('shows why a job failed or waits for another try, and forgets it when that starts', () => {
    const retrying = after(
      event('job.started'),
      event('job.retrying', { reason: 'lease_expired', detail: 'worker gone' }),
    );
    expect(retrying).toMatchObject({ status: 'queued', reason: 'lease_expired', detail: 'worker gone' });
    expect(afterEvent(retrying, event('job.started'))).toMatchObject({ status: 'running', reason: null, detail: null });
    expect(after(event('job.failed', { reason: 'diverged' }))).toMatchObject({ status: 'failed', reason: 'diverged' });
  });

  it('leaves a job alone at an event that changes nothing shown', () => {
    expect(afterEvent(job, event('job.epoch', { loss: 1 }))).toBe(job);
  });
});

describe('changesResults', () => {
  it('is true of endings only', () => {
    expect(changesResults(event('job.succeeded'))).toBe(true);
    expect(changesResults(event('experiment.finished'))).toBe(true);
    expect(changesResults(event('job.progress'))).toBe(false);
  });
});

describe('a pause', () => {
  const paused = after(event('job.paused'));

  it('shows, and then what the job waits as', () => {
    expect(paused.status).toBe('paused');
    for (const status of ['queued', 'blocked'] as const) {
      expect(afterEvent(paused, event('job.resumed', { status })).status).toBe(status);
    }
  });

  it('changes what may be done, and nothing that was found', () => {
    for (const type of ['job.paused', 'job.resumed'] as const) {
      expect([changesActions(event(type)), changesResults(event(type))]).toEqual([true, false]);
    }
    expect(changesActions(event('job.progress'))).toBe(false);
  });
});
