import { hostname } from 'node:os';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openBell, registerWorker, reportWorker, type TaskAttempt } from '@retort/jobs';
import type { ArtifactStore, Clock, Database } from '@retort/store';
import type { WorkerSettings } from '../settings.js';
import { listenForCalls } from './call-listener.js';
import { ChildPool } from './child-pool.js';
import { ComputeChild } from './compute-child.js';
import { DeliveryConsumer } from './delivery-consumer.js';
import { readMachine } from './machine.js';
import { planPool } from './pool-plan.js';
import { Presence } from './presence.js';
import { runTask, type RunningTask } from './run-task.js';
import { removeAbandonedScratch } from './scratch.js';

export interface RunningWorker {
  readonly id: string;
  /** Resolves once somebody has asked that the worker be drained. */
  readonly drainRequested: Promise<void>;
  /** Takes no new task, hands running ones back without spending a try, and ends the children; asked again, it is the same drain. */
  drain(): Promise<void>;
}

/**
 * Starts a worker: it takes deliveries from BullMQ and runs each task in a compute child.
 *
 * @throws EngineUnavailable where no engine works on this machine
 */
export async function startWorker(
  settings: WorkerSettings,
  {
    db,
    clock,
    artifacts,
    log,
    version,
  }: { db: Database; clock: Clock; artifacts: ArtifactStore; log: Logger; version: string },
): Promise<RunningWorker> {
  const { name } = settings;
  const machine = await readMachine(settings);
  // The first child is started before any task is taken: a worker without an engine must say so, and fail no job.
  const first = await ComputeChild.start({ ...settings, gpu: machine.gpus[0] });
  const { engine } = first;
  const { concurrency, why, childMemory } = planPool(machine, engine.name, settings);
  const pool = new ChildPool(settings, { childMemory, gpus: machine.gpus, log });
  pool.adopt(first);

  await removeAbandonedScratch({ db, now: clock.now() }, settings.scratchFolder);
  const id = await registerWorker(
    { db, now: clock.now() },
    { name, host: hostname(), pid: process.pid, version, concurrency, concurrencyWhy: why },
  );
  await reportWorker({ db, now: clock.now() }, id, { status: 'online', engine });
  log.info({ worker: id, engine, concurrency, why, childMemory }, 'worker online');

  const { heartbeatSeconds, redisUrl, prefix } = settings;
  const bell = openBell(redisUrl, { prefix, log });
  let draining = false;
  const running = new Map<string, RunningTask>();
  const scratchFolder = join(settings.scratchFolder, id);
  const context = {
    ...settings,
    db,
    clock,
    artifacts,
    pool,
    childMemory,
    workerId: id,
    scratchFolder,
    log,
    takesTasks: () => !draining,
    onRoom: bell.ring,
    callWorkers: (taskIds: readonly string[]) => calls.call(taskIds),
    onRunning: (taskId: string, task: RunningTask) => {
      running.set(taskId, task);
      if (draining) task.stop('drained');
      return () => running.delete(taskId);
    },
  };

  let requestDrain: () => void;
  const drainRequested = new Promise<void>((resolve) => (requestDrain = resolve));
  const presence = new Presence({ db, clock, log }, id, { heartbeatSeconds, onDrainRequested: () => requestDrain() });
  const calls = listenForCalls(redisUrl, {
    prefix,
    onCall: (called) => (called === id ? presence.beat() : running.get(called)?.lookAtRequests()),
    log,
  });
  const handle = (delivery: TaskAttempt) => runTask(context, delivery);
  const consumer = new DeliveryConsumer({ redisUrl, prefix, engine: engine.name, concurrency, handle, log });

  async function drain(): Promise<void> {
    draining = true;
    consumer.stop();
    log.info({ running: running.size }, 'draining: running tasks are handed back');
    for (const task of running.values()) task.stop('drained');
    await Promise.all([consumer.close(), presence.enter('draining')]);
    presence.stop();
    calls.close();
    bell.close();
    await pool.close();
    await rm(scratchFolder, { recursive: true, force: true });
    await presence.enter('offline');
  }

  let drained: Promise<void> | undefined;
  return { id, drainRequested, drain: () => (drained ??= drain()) };
}
