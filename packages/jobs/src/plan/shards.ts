import {
  ADVERSARIAL_SET,
  attackCost,
  type AttackJob,
  type EvaluateJob,
  type EvaluationEffort,
  type ExperimentSpec,
  type JobSpec,
  type SpecProblem,
} from '@retort/contracts';
import type { PlannedJob } from './plan.js';

/** More tasks than this in one experiment are refused. */
export const MAX_TASKS = 100_000;

/**
 * Passes through the net that are worth a part of their own: a minute or more of a small net on one core, beside which
 * the second that each part costs (to load the net and the data, and to try batch sizes) is little.
 */
const PASSES_A_PART = 250_000;
/** Examples in a part at least: a smaller batch wastes more of a core than a second one wins. */
const EXAMPLES_A_PART = 32;
/** Parts of a job at most, where nobody asks for more. */
const USUAL_PARTS = 64;
/** From so many jobs on, they keep every worker busy without being split. */
const MANY_JOBS = 1000;

/** About how many passes an example costs that resists every attack of an evaluation. */
const evaluationCosts: Readonly<Record<EvaluationEffort, number>> = { quick: 1000, standard: 10_000, thorough: 50_000 };

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
  const split = jobs.map((job) => ({ ...job, shards: isDivisible(job, jobs) ? shardsOf(job.spec, size, jobs) : 1 }));
  const tasks = split.reduce((sum, { shards }) => sum + (shards === 1 ? 1 : shards + 1), 0);
  if (tasks <= MAX_TASKS) return { ok: true, jobs: split };
  const message = `makes ${tasks} tasks of ${jobs.length} jobs`;
  const remedy = `give a larger one, so that there are at most ${MAX_TASKS}, or leave it out`;
  return { ok: false, problems: [{ pointer: '/limits/shard_size', message, remedy }] };
}

function isDivisible(
  job: UnsplitJob,
  jobs: readonly UnsplitJob[],
): job is UnsplitJob & { spec: AttackJob | EvaluateJob } {
  const { spec, parents } = job;
  if (spec.kind !== 'evaluate' && (spec.kind !== 'attack' || spec.attack === ADVERSARIAL_SET)) return false;
  const asked = Object.entries(parents).filter(([role]) => !role.startsWith('compared:'));
  return !asked.some(([, at]) => isRandomised(jobs[at]!.spec));
}

function isRandomised(spec: JobSpec): boolean {
  return spec.kind === 'deploy' && (spec.input_noise ?? 0) > 0;
}

function shardsOf(spec: AttackJob | EvaluateJob, size: number | undefined, { length }: readonly UnsplitJob[]): number {
  const { count } = spec.examples;
  if (size !== undefined) return Math.ceil(count / size);
  if (length >= MANY_JOBS) return 1;
  const cost = spec.kind === 'attack' ? attackCost(spec) : evaluationCosts[spec.threat.effort];
  const worthwhile = Math.min(Math.floor((count * cost) / PASSES_A_PART), Math.floor(count / EXAMPLES_A_PART));
  return Math.min(Math.max(worthwhile, 1), USUAL_PARTS);
}
