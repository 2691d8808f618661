import { Type } from 'typebox';
import type { JobStatus } from './job.js';

interface Verdict {
  /** The status in which a job with this reason ends, once no retry is due. */
  readonly status: Extract<JobStatus, 'succeeded' | 'failed' | 'cancelled'>;
  /** Whether another attempt may end otherwise. */
  readonly retryable: boolean;
  /** Seconds before the next attempt; doubled with each further one. */
  readonly delay: number;
  /** Whether the attempt counts against `max_attempts`. */
  readonly spent: boolean;
  /** Whether it lies in the work itself, so that an equal job would end so too, whoever computes it. */
  readonly inherent: boolean;
}

const succeeded: Verdict = { status: 'succeeded', retryable: false, delay: 0, spent: true, inherent: true };
const cancelled: Verdict = { status: 'cancelled', retryable: false, delay: 0, spent: true, inherent: false };
const failed: Verdict = { status: 'failed', retryable: false, delay: 0, spent: true, inherent: false };
const inherent: Verdict = { ...failed, inherent: true };
const retried: Verdict = { ...failed, retryable: true, delay: 1 };

const handedBack: Verdict = { ...failed, retryable: true, spent: false };

/** Why a job or an attempt ended, and what follows from it: one total table, and the only place that decides a retry. */
export const reasons = {
  /** It did what was asked. */
  completed: succeeded,
  /** An equal job had succeeded before; its result was taken over. */
  reused: succeeded,

  /** A person cancelled it. */
  cancelled_by_request: cancelled,
  /** A job that it depends on was cancelled. */
  parent_cancelled: cancelled,

  /** A job that it depends on failed. */
  parent_failed: failed,
  /** The loss became infinite or no number. */
  diverged: inherent,
  /** The net gives one class whatever it sees. */
  constant_output: inherent,
  /** The net is worse than the spec's `minimum_accuracy`. */
  accuracy_below_minimum: inherent,
  /** Another part of the same job failed, which ended it. */
  sibling_failed: failed,
  /** The uploaded file is no net, or one that cannot be attacked here. */
  import_refused: inherent,
  /** The test set holds fewer examples of the asked kind than the spec wants. */
  too_few_examples: inherent,
  /** The dataset's bytes are absent or not the ones that were published. */
  dataset_unavailable: failed,
  /** The uploaded files hold no dataset: a wrong shape, labels that are no classes, pixels out of range. */
  dataset_invalid: inherent,
  /** The worker has no engine that works. */
  engine_unavailable: failed,
  /** The computation threw an error that is not one of the above. */
  computation_failed: failed,
  /** The database did not take the outcome for what it is, whoever brings it: a defect of Retort. */
  outcome_refused: failed,
  /** Memory ran out, and smaller batches did not help or would have changed the result. */
  out_of_memory: failed,
  /** It ran longer than `max_duration_seconds`. */
  max_duration_exceeded: failed,
  /** No worker started it within `queue_timeout_seconds`. */
  queue_timeout: failed,

  /** The compute child ended without an answer: a crash, or a kill from outside. */
  child_exited: retried,
  /** The worker's lease ran out: it was killed, paused or cut off. */
  lease_expired: retried,
  /** The worker itself failed, by a defect of Retort. */
  worker_failed: { ...retried, delay: 5 },
  /** An artifact is not in the store any more, or is damaged there. */
  artifact_unavailable: { ...retried, delay: 5 },

  /** The store takes or gives no artifacts: its disk is full, or it cannot be reached. No task is at fault, so none is spent. */
  storage_unavailable: { ...handedBack, delay: 5 },
  /** The worker was asked to stop and handed the task back. */
  worker_drained: handedBack,
  /** A person paused it; the next attempt follows when it is resumed. */
  paused_by_request: handedBack,
} as const satisfies Record<string, Verdict>;

export type Reason = keyof typeof reasons;
export const reasonNames = Object.keys(reasons) as Reason[];
export const Reason = Type.Enum(reasonNames, { description: 'Why it ended.' });

/** What follows from a reason. */
export function verdictOf(reason: Reason): Verdict {
  return reasons[reason];
}
