import { collectedOf } from './artifacts.js';
import { changeExperiment, type Clocked } from './change.js';
import type { Lease } from './claim.js';

/** A checkpoint that lies in the store already. */
export interface KeptCheckpoint {
  readonly sha256: string;
  /** Where the task stands, such as `after epoch 2`. */
  readonly message: string;
}

/** Makes a checkpoint the one from which the task's next attempt goes on, unless the lease is lost. */
export async function recordCheckpoint(
  clocked: Clocked,
  lease: Lease,
  { sha256, message }: KeptCheckpoint,
): Promise<'recorded' | 'fenced' | 'collected'> {
  return changeExperiment(clocked, lease.experimentId, async (change) => {
    const { tx } = change;
    if ((await collectedOf(tx, [sha256])).length > 0) return 'collected';
    const count = await tx.$executeRaw`
      UPDATE tasks SET checkpoint_sha256 = ${sha256}
      WHERE id = ${lease.taskId} AND lease_token = ${lease.token}::uuid AND status = 'running'`;
    if (count === 0) return 'fenced';
    change.emit('job.checkpointed', lease.jobId, { attempt: lease.attempt, message });
    return 'recorded';
  });
}
