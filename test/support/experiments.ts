import type { JobStatus, Reason } from '@retort/contracts';
import type { TestRetort } from './retort.js';

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

export async function submit(retort: TestRetort, spec: unknown): Promise<string> {
  const { status, body } = await retort.post<{ id: string }>('/v1/experiments', spec);
  if (status !== 202) throw new Error(JSON.stringify(body));
  return body.id;
}

export async function jobsOf(retort: TestRetort, experimentId: string): Promise<JobSeen[]> {
  return (await retort.get<{ jobs: JobSeen[] }>(`/v1/experiments/${experimentId}/results`)).jobs;
}

/** Polls until the jobs are as wanted. */
export async function jobsWhen(
  retort: TestRetort,
  experimentId: string,
  wanted: (jobs: JobSeen[]) => boolean,
): Promise<JobSeen[]> {
  for (;;) {
    const jobs = await jobsOf(retort, experimentId);
    if (wanted(jobs)) return jobs;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Polls until every job has ended. */
export function finishedJobs(retort: TestRetort, experimentId: string): Promise<JobSeen[]> {
  return jobsWhen(retort, experimentId, (jobs) =>
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
