import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import {
  isDiskFull,
  type ComputeInput,
  type ComputeShare,
  type OutputFile,
  type Reason,
  type ToChild,
} from '@retort/contracts';
import {
  claimTask,
  type ClaimedTask,
  type KeptArtifact,
  type Outcome,
  type Request,
  type TaskAttempt,
} from '@retort/jobs';
import { ArtifactError, type ArtifactStore, type Clock, type Database } from '@retort/store';
import { memoryAdvice } from '../memory-advice.js';
import { scratchDiskFull } from '../scratch-disk-full.js';
import { CheckpointKeeper } from './checkpoint-keeper.js';
import type { ChildPool } from './child-pool.js';
import type { ComputeChild, ComputeNews, ComputeOutcome, ComputeRequest } from './compute-child.js';
import type { Handled } from './delivery-consumer.js';
import { finishDurably } from './finish-durably.js';
import { startHeartbeat, type HeartbeatTerms } from './heartbeat.js';
import { withPatience } from './patience.js';
import { Reporter } from './reporter.js';

/** Why a running task is to stop. */
export type StopReason = Request | 'drained' | 'fenced' | 'overtime';

/** How a running task is reached. */
export interface RunningTask {
  stop(why: StopReason): void;
  /** Reads now what a person has asked of it. */
  lookAtRequests(): void;
}

export interface TaskContext extends HeartbeatTerms {
  readonly db: Database;
  readonly clock: Clock;
  readonly artifacts: ArtifactStore;
  readonly pool: ChildPool;
  /** Bytes that a child may hold. */
  readonly childMemory: number;
  readonly workerId: string;
  readonly scratchFolder: string;
  /** How long a task computes between two checkpoints, where it can take one at any time. */
  readonly checkpointSeconds: number;
  /** How long a result is held where the store does not take it. */
  readonly storagePatienceSeconds: number;
  readonly log: Logger;
  /** Whether the worker still takes tasks; one that drains does not. */
  readonly takesTasks: () => boolean;
  /** Called when a delivery was for nothing or a task has ended, so that the next ones are sent. */
  readonly onRoom: () => void;
  /** Calls the workers of tasks that run beside one that has ended their job. */
  readonly callWorkers: (taskIds: readonly string[]) => void;
  /** Makes a running task reachable; the returned function forgets it again. */
  readonly onRunning: (taskId: string, task: RunningTask) => () => void;
}

/** Carries one delivery through: claim, compute in a child, keep the artifacts, finish. A duplicate is dropped. */
export async function runTask(context: TaskContext, delivery: TaskAttempt): Promise<Handled> {
  const { db, clock, pool, workerId, leaseSeconds } = context;
  const child = await pool.take();
  let task: ClaimedTask | undefined;
  try {
    if (!context.takesTasks()) return 'declined';
    const request = { ...delivery, workerId, engine: child.engine, leaseSeconds };
    const claim = await claimTask({ db, now: clock.now() }, request);
    // What was taken fills its place until it ends; what was sent in vain has left it to another.
    if (claim.outcome === 'claimed') ({ task } = claim);
    else context.onRoom();
  } finally {
    if (!task) await pool.giveBack(child, { healthy: true });
  }
  if (task) await runClaimed(context, task, child);
  return 'done';
}

/** Computes a task in a child, which goes back to the pool, or in others where memory runs out in it. */
async function runClaimed(context: TaskContext, task: ClaimedTask, first: ComputeChild): Promise<void> {
  let child = first;
  const { lease } = task;
  const log = context.log.child({ task: lease.taskId, job: lease.jobId, attempt: lease.attempt });
  log.info({ name: task.name, pid: child.pid }, 'task started');

  const stopping = new AbortController();
  let stopReason: StopReason | undefined;
  const stop = (why: StopReason) => {
    stopReason ??= why;
    stopping.abort({ type: why === 'pause' || why === 'drained' ? 'hand_back' : 'cancel' } satisfies ToChild);
  };
  const heartbeat = startHeartbeat(context, lease, { ...context, onStop: stop, log });
  const forget = context.onRunning(lease.taskId, { stop, lookAtRequests: () => heartbeat.beat() });
  const overtime = setTimeout(() => stop('overtime'), Math.min(task.maxDurationSeconds * 1000, 2 ** 31 - 1));
  const reporter = new Reporter(context, lease, log);
  const checkpoints = new CheckpointKeeper(context, lease, log);
  const folder = join(context.scratchFolder, `${lease.taskId}-${lease.token}`);
  let computed: ComputeOutcome | undefined;
  try {
    const outcome = await compute();
    await Promise.all([reporter.close(), checkpoints.close()]);
    if (stopReason === 'fenced') {
      log.warn('the lease was lost: nothing is written');
    } else {
      const written = await finishDurably(context, lease, outcome, log);
      log.info({ outcome: outcome.type === 'ended' ? outcome.reason : outcome.type, written }, 'task ended');
      context.onRoom();
    }
  } finally {
    heartbeat.stop();
    forget();
    clearTimeout(overtime);
    await Promise.all([reporter.close(), checkpoints.close()]);
    await rm(folder, { recursive: true, force: true });
    await context.pool.giveBack(child, { healthy: computed === undefined || isHealthyEnd(computed) });
  }

  async function compute(): Promise<Outcome> {
    try {
      await mkdir(join(folder, 'inputs'), { recursive: true });
      const inputs = await fetchInputs(context.artifacts, task, join(folder, 'inputs'));
      const uploads = await fetchUploads(context.artifacts, task, join(folder, 'inputs'));
      computed = await computeWithin(context.childMemory, {
        job: task.job,
        share: await fetchShare(context, task, join(folder, 'inputs')),
        inputs,
        uploads,
        checkpoint: await fetchCheckpoint(context, task.checkpoint, join(folder, 'inputs')),
        checkpoint_seconds: context.checkpointSeconds,
      });
      const patience = { seconds: context.storagePatienceSeconds, signal: stopping.signal, log };
      if (computed.type === 'succeeded') {
        const { files } = computed;
        const artifacts = await withPatience(() => keepFiles(context.artifacts, files), patience);
        return { type: 'succeeded', result: computed.result, artifacts };
      }
      if (computed.type === 'found') {
        const found = await readFile(computed.path);
        const { sha256 } = await withPatience(() => context.artifacts.put(found), patience);
        return { type: 'found', sha256 };
      }
      return explain(computed, stopReason, task);
    } catch (error) {
      const trouble = troubleOf(error);
      const logged = { err: error, reason: trouble.reason };
      if (trouble.reason === 'worker_failed') log.error(logged, 'a defect: the worker failed in a task');
      else log.warn(logged, trouble.detail);
      return { type: 'ended', ...trouble };
    }
  }

  /** A child that outgrew its memory is replaced by one that takes half as many examples at a time; no try is spent. */
  async function computeWithin(
    memory: number,
    given: Omit<ComputeRequest, 'folder' | 'memory' | 'batch_limit'>,
  ): Promise<ComputeOutcome> {
    for (let limit: number | undefined; ;) {
      let batch: number | undefined;
      const onNews = (news: ComputeNews) => {
        if (news.type === 'batch') {
          batch = news.size;
          if (news.halved) log.warn({ batch }, 'memory ran out: the task goes on in batches of half the size');
        } else if (news.type === 'checkpoint') checkpoints.keep(news);
        else reporter.tell(news);
      };
      const outputs = join(folder, 'outputs');
      await mkdir(outputs, { recursive: true });
      const request = { ...given, folder: outputs, memory, ...(limit !== undefined && { batch_limit: limit }) };
      const outcome = await child.run(request, { onNews, signal: stopping.signal });
      if (outcome.type !== 'outgrown' || batch === undefined || batch === 1 || stopping.signal.aborted) return outcome;
      limit = Math.floor(batch / 2);
      log.warn({ batch: limit }, `${outcome.detail}: the task goes on in another, in batches of half the size`);
      await checkpoints.close();
      await rm(outputs, { recursive: true });
      await context.pool.giveBack(child, { healthy: false });
      child = await context.pool.take();
      const latest = await fetchCheckpoint(context, checkpoints.latest, join(folder, 'inputs'));
      if (latest !== undefined) given = { ...given, checkpoint: latest };
    }
  }
}

/** Whether a child that ended a task so is as good as before. */
function isHealthyEnd(outcome: ComputeOutcome): boolean {
  const broken: readonly string[] = ['computation_failed', 'out_of_memory'];
  switch (outcome.type) {
    case 'succeeded':
    case 'found':
    case 'cancelled':
      return true;
    case 'failed':
      return !broken.includes(outcome.reason);
    case 'exited':
    case 'outgrown':
      return false;
  }
}

/** Names the reason of an end without a result; a stop that was asked for outweighs how the child took it. */
function explain(
  outcome: Exclude<ComputeOutcome, { type: 'succeeded' | 'found' }>,
  stopReason: StopReason | undefined,
  task: ClaimedTask,
): Outcome {
  switch (stopReason) {
    case 'cancel':
      return { type: 'ended', reason: 'cancelled_by_request', detail: 'it was running when the request came' };
    case 'pause':
      return { type: 'ended', reason: 'paused_by_request', detail: 'it was running when the request came' };
    case 'drained':
      return { type: 'ended', reason: 'worker_drained', detail: 'the worker was asked to stop' };
    case 'overtime': {
      const detail = `it ran longer than the ${task.maxDurationSeconds} s that /limits/max_duration_seconds allows`;
      return { type: 'ended', reason: 'max_duration_exceeded', detail };
    }
    case 'fenced':
    case undefined:
      break;
  }
  switch (outcome.type) {
    case 'failed':
      return { type: 'ended', reason: outcome.reason, detail: outcome.detail };
    case 'exited':
      return { type: 'ended', reason: 'child_exited', detail: outcome.detail };
    case 'outgrown':
      return { type: 'ended', reason: 'out_of_memory', detail: `${outcome.detail}; ${memoryAdvice(task.job)}` };
    case 'cancelled':
      return { type: 'ended', reason: 'child_exited', detail: 'the compute child stopped without being asked to' };
  }
}

/** What an error on this side means for the attempt: of the store, of the disk of scratch files, or of the worker itself. */
function troubleOf(error: unknown): { reason: Reason; detail: string; lost?: string[] } {
  if (isDiskFull(error)) return { reason: 'storage_unavailable', detail: scratchDiskFull };
  if (error instanceof LostInput) {
    const remedy = 'what made it is not reused any more, so that it is computed anew where the spec is submitted again';
    return { reason: 'artifact_unavailable', detail: `${error.message}; ${remedy}`, lost: [error.sha256] };
  }
  if (!(error instanceof ArtifactError)) {
    return { reason: 'worker_failed', detail: error instanceof Error ? error.message : String(error) };
  }
  if (error.ofStore) return { reason: 'storage_unavailable', detail: `${error.message}; the task is tried again` };
  const remedy = 'if it is gone for good, send the file again';
  return { reason: 'artifact_unavailable', detail: `${error.message}; ${remedy}` };
}

/** An artifact of a job that the task builds on is absent or damaged. */
class LostInput extends Error {
  override readonly name = 'LostInput';
  constructor(
    readonly sha256: string,
    message: string,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

async function fetchInputs(artifacts: ArtifactStore, task: ClaimedTask, folder: string): Promise<ComputeInput[]> {
  return Promise.all(
    task.inputs.map(async ({ role, name, kind, result, artifacts: parts }) => {
      const files: Record<string, string> = {};
      for (const part of parts) {
        // Named by its hash, so that an input in two roles is written once.
        files[part.name] = join(folder, part.sha256);
        await artifacts.copyTo(part.sha256, files[part.name]!).catch((cause: unknown) => {
          if (!(cause instanceof ArtifactError) || cause.ofStore) throw cause;
          throw new LostInput(part.sha256, `the ${part.name} of "${name}" cannot be read: ${cause.message}`, { cause });
        });
      }
      return { role, name, kind, result, files };
    }),
  );
}

/** @returns the path of each upload, by its role */
async function fetchUploads(artifacts: ArtifactStore, { job }: ClaimedTask, folder: string) {
  const paths: Record<string, string> = {};
  for (const [role, sha256] of Object.entries(job.uploads ?? {})) {
    paths[role] = join(folder, sha256);
    await artifacts.copyTo(sha256, paths[role]);
  }
  return paths;
}

/** The task's share of its job; what a part has found and cannot be read is computed again by the merge. */
async function fetchShare(
  { artifacts, log }: TaskContext,
  { share }: ClaimedTask,
  folder: string,
): Promise<ComputeShare> {
  if (share.role !== 'merge') return share;
  const fetch = async (sha256: string) => {
    try {
      await artifacts.copyTo(sha256, join(folder, sha256));
      return join(folder, sha256);
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      log.warn({ err: error }, 'what a part has found cannot be read: it is computed anew');
      return null;
    }
  };
  return { role: 'merge', outcomes: await Promise.all(share.outcomes.map(fetch)) };
}

/** Where a checkpoint cannot be read, the task begins anew: it comes to the same result. */
async function fetchCheckpoint(
  { artifacts, log }: TaskContext,
  checkpoint: string | undefined,
  folder: string,
): Promise<string | undefined> {
  if (checkpoint === undefined) return undefined;
  try {
    await artifacts.copyTo(checkpoint, join(folder, checkpoint));
    return join(folder, checkpoint);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    log.warn({ err: error }, 'the checkpoint cannot be read: the task begins anew');
    return undefined;
  }
}

async function keepFiles(artifacts: ArtifactStore, files: OutputFile[]): Promise<KeptArtifact[]> {
  return Promise.all(
    files.map(async ({ name, path, media_type: mediaType }) => {
      const { sha256 } = await artifacts.put(await readFile(path), mediaType);
      return { name, sha256 };
    }),
  );
}
