import type { Reason } from '@retort/contracts';

/** A dataset whose bytes are absent, or not what they should be. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
  /** Why a job that needs it fails. */
  readonly reason: Extract<Reason, 'dataset_unavailable' | 'dataset_invalid' | 'too_few_examples'>;

  constructor(message: string, { reason, ...options }: ErrorOptions & { reason?: DatasetError['reason'] } = {}) {
    super(message, options);
    this.reason = reason ?? 'dataset_invalid';
  }
}
