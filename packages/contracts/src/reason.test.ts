import { describe, expect, it } from 'vitest';
import { isTerminal } from './job.js';
import { reasonNames, verdictOf } from './reason.js';

describe('reasons', () => {
  it.each(reasonNames)('%s ends in a terminal status', (reason) => {
    expect(isTerminal(verdictOf(reason).status)).toBe(true);
  });

  it('retries what another attempt may better, and nothing that is the same each time', () => {
    const retryable = reasonNames.filter((reason) => verdictOf(reason).retryable);
    expect(retryable.sort()).toEqual([
      'artifact_unavailable',
      'child_exited',
      'lease_expired',
      'paused_by_request',
      'storage_unavailable',
      'worker_drained',
      'worker_failed',
    ]);
    expect(reasonNames.filter((reason) => !verdictOf(reason).spent)).toEqual([
      'storage_unavailable',
      'worker_drained',
      'paused_by_request',
    ]);
  });

  it('never retries a success or a cancellation', () => {
    for (const reason of reasonNames) {
      const { status, retryable } = verdictOf(reason);
      if (status !== 'failed') expect(retryable).toBe(false);
    }
  });
});
