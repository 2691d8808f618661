import type {
  ComputeInput,
  ComputeShare,
  EngineDescription,
  FromChild,
  JobSpec,
  JobResult,
  OutputFile,
  Provenance,
} from '@retort/contracts';
import type { Batches } from './batches.js';
import type { Checkpoints } from './checkpoints.js';
import type { Datasets } from './datasets.js';

/** What the child was asked to compute, and with what. */
export interface ComputeTask<Job extends JobSpec = JobSpec> {
  readonly job: Job;
  readonly share: ComputeShare;
  readonly inputs: readonly ComputeInput[];
  /** Path of each uploaded file that the job names, by its role. */
  readonly uploads: Readonly<Record<string, string>>;
  /** An empty folder for the files that the task makes. */
  readonly folder: string;
  readonly checkpoints: Checkpoints;
  readonly signal: AbortSignal;
  /** Bytes that this process may hold. */
  readonly memory: number;
  /** Examples at a time at most, where memory ran out with more. */
  readonly batchLimit?: number;
  readonly datasets: Datasets;
  readonly engine: EngineDescription;
  readonly tell: (message: FromChild) => void;
}

/** What a task came to: the result of its job, or the file of what a part of it has found. */
export type Computed = { readonly result: JobResult; readonly files: OutputFile[] } | { readonly found: string };

/** The parent in a role that the plan always fills. */
export function inputIn(task: ComputeTask, role: string): ComputeInput {
  const input = task.inputs.find((candidate) => candidate.role === role);
  if (!input) throw new Error(`the task has no input in the role "${role}"`);
  return input;
}

/** The path of the uploaded file in a role that the plan always fills. */
export function uploadIn({ uploads }: ComputeTask, role: string): string {
  const path = uploads[role];
  if (path === undefined) throw new Error(`the task has no upload in the role "${role}"`);
  return path;
}

/** Tells how far the task is. */
export function tellProgress({ tell }: ComputeTask, fraction: number, message: string): void {
  tell({ type: 'progress', progress: { fraction: Math.min(1, Math.max(0, fraction)), message } });
}

/** What made the result of a task that began at `started` (milliseconds of `performance.now()`). */
export function provenance(
  { job, engine }: ComputeTask,
  codeVersion: string,
  started: number,
  batches?: Batches,
): Provenance {
  return {
    engine,
    code_version: codeVersion,
    dataset: { name: job.dataset.name, sha256: job.dataset_sha256 },
    seed: job.seed,
    compute_seconds: (performance.now() - started) / 1000,
    fallbacks: [],
    ...batches?.said(),
  };
}
