import type { ExperimentSpec, JobKind, JobLabels, JobResult, JobSpec, JobStatus } from '@retort/contracts';

/** An experiment as the API gives it. */
export interface ReportExperiment {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly status: string;
  /** ISO 8601. */
  readonly created_at: string;
  /** ISO 8601; null while jobs are open. */
  readonly finished_at: string | null;
  readonly spec: ExperimentSpec;
}

/** A job of that experiment, with its result where it has one. */
export interface ReportJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly name: string;
  readonly status: JobStatus;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly labels: JobLabels;
  readonly spec: JobSpec;
  readonly result: JobResult | null;
  /** The id of the earlier job whose result was taken over. */
  readonly reused_from: string | null;
  readonly seed: number;
  readonly fingerprint?: string;
}

export interface ReportInput {
  readonly experiment: ReportExperiment;
  /** Every job of the experiment, in the order of its plan. */
  readonly jobs: readonly ReportJob[];
}
