import { ADVERSARIAL_SET, type ExperimentSpec, type JobSpec, type SpecProblem } from '@retort/contracts';
import type { PlannedJob } from './plan.js';

/** More tasks than this in one experiment are refused. */
export const MAX_TASKS = 100_000;

/** A planned job that is not split yet. */
export type UnsplitJob = Omit<PlannedJob, 'shards'>;

/**
 * Splits the jobs whose examples can be attacked apart from each other, to the same result.
 *
 * What a randomised net draws depends on what it was asked before, so that it is attacked whole; images that were made
 * elsewhere are tried in one pass.
 */
export function splitJobs(
  jobs: readonly UnsplitJob[],
  { shard_size: size }: ExperimentSpec['limits'],
): { ok: true; jobs: PlannedJob[] } | { ok: false; problems: SpecProblem[] } {
  const split = jobs.map((job) => ({ ...job, shards: size === undefined ? 1 : shardsOf(job, jobs, size) }));
  const tasks = split.reduce((sum, { shards }) => sum + (shards === 1 ? 1 : shards + 1), 0);
  if (tasks <= MAX_TASKS) return { ok: true, jobs: split };
  const message = `makes ${tasks} tasks of ${jobs.length} jobs`;
  const remedy = `give a larger one, so that there are at most ${MAX_TASKS}, or leave it out`;
  return { ok: false, problems: [{ pointer: '/limits/shard_size', message, remedy }] };
}

function shardsOf(job: UnsplitJob, jobs: readonly UnsplitJob[], size: number): number {
  const { spec, parents } = job;
  if (spec.kind !== 'attack' || spec.attack === ADVERSARIAL_SET) return 1;
  const attacked = Object.entries(parents).filter(([role]) => !role.startsWith('compared:'));
  if (attacked.some(([, at]) => isRandomised(jobs[at]!.spec))) return 1;
  return Math.ceil(spec.examples.count / size);
}

function isRandomised(spec: JobSpec): boolean {
  return spec.kind === 'deploy' && (spec.input_noise ?? 0) > 0;
}
