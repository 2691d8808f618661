import type { JobStatus, Reason } from '@retort/contracts';
import { expect } from 'vitest';
import type { Client } from './retort.js';

/** What the tests read of a job. */
export interface JobSeen {
  id: string;
  name: string;
  kind: string;
  status: JobStatus;
  reason: Reason | null;
  detail: string | null;
  result: Record<string, unknown> | null;
  reused_from: string | null;
  progress: { fraction: number };
  attempts: { started: number; spent: number };
  artifacts: { name: string; sha256: string }[];
}

/** What the tests read of an event. */
export interface EventSeen {
  id: number;
  type: string;
  job_id: string | null;
  data: Record<string, unknown>;
}

/** A net that trains in a second or two, and is far from good. */
export const tinyNet = {
  kind: 'train',
  architecture: 'compact',
  temperature: 1,
  epochs: 1,
  batch_size: 64,
  optimizer: { name: 'nesterov', momentum: 0.9 },
  learning_rate: { base: 0.1 },
  // So that training at any T begins as training at T = 1 does.
  initialisation: { output_scale: 'temperature' },
  minimum_accuracy: 0.2,
};

export function tinySpec(changes: Record<string, unknown> = {}) {
  return {
    name: 'tiny',
    dataset: { name: 'mnist', train: 2000, validation: 200, test: 500 },
    models: { plain: tinyNet },
    ...changes,
  };
}

/** A net whose training takes a fraction of a second, for tests of all that happens around it. */
export function quickSpec(changes: Record<string, unknown> = {}) {
  const dataset = { name: 'mnist', train: 256, validation: 50, test: 50 };
  return tinySpec({
    name: 'quick',
    dataset,
    models: { plain: { ...tinyNet, minimum_accuracy: 0 } },
    reuse: false,
    ...changes,
  });
}

/** The events of an experiment, in their order. */
export async function eventsOf(client: Client, experimentId: string): Promise<EventSeen[]> {
  return (await client.get<{ data: EventSeen[] }>(`/v1/experiments/${experimentId}/events?limit=1000`)).data;
}

/** Every event is there once, and each job of the experiment has ended once. */
export async function expectEndedOnce(client: Client, experimentId: string): Promise<void> {
  const events = await eventsOf(client, experimentId);
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  const ends = events
    .filter(({ type }) => /^job\.(succeeded|failed|cancelled)$/.test(type))
    .map(({ job_id }) => job_id);
  expect(ends).toHaveLength(new Set(ends).size);
  expect(events.filter(({ type }) => type === 'experiment.finished')).toHaveLength(1);
  const jobs = await jobsOf(client, experimentId);
  expect(jobs.map(({ id }) => id).sort()).toEqual([...ends].sort());
}

export async function submit(client: Client, spec: unknown): Promise<string> {
  const { status, body } = await client.post<{ id: string }>('/v1/experiments', spec);
  if (status !== 202) throw new Error(JSON.stringify(body));
  return body.id;
}

export async function jobsOf(client: Client, experimentId: string): Promise<JobSeen[]> {
  return (await client.get<{ jobs: JobSeen[] }>(`/v1/experiments/${experimentId}/results`)).jobs;
}

/** Polls until the jobs are as wanted. */
export async function jobsWhen(
  client: Client,
  experimentId: string,
  wanted: (jobs: JobSeen[]) => boolean,
): Promise<JobSeen[]> {
  for (;;) {
    const jobs = await jobsOf(client, experimentId);
    if (wanted(jobs)) return jobs;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Polls until every job has ended. */
export function finishedJobs(client: Client, experimentId: string): Promise<JobSeen[]> {
  return jobsWhen(client, experimentId, (jobs) =>
    jobs.every(({ status }) => ['succeeded', 'failed', 'cancelled'].includes(status)),
  );
}

export function named(jobs: JobSeen[], name: string): JobSeen {
  const job = jobs.find((candidate) => candidate.name === name);
  if (!job) throw new Error(`there is no job "${name}" among ${jobs.map((other) => other.name).join(', ')}`);
  return job;
}

export function sha256Of(job: JobSeen, artifact: string): string {
  return job.artifacts.find(({ name }) => name === artifact)!.sha256;
}
