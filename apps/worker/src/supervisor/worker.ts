import { hostname } from 'node:os';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { QUEUE_NAME, registerWorker, reportWorker, type Delivery } from '@retort/jobs';
import type { ArtifactStore, Clock, Database } from '@retort/store';
import type { WorkerSettings } from '../settings.js';
import { listenForCalls } from './call-listener.js';
import { ChildPool } from './child-pool.js';
import { ComputeChild } from './compute-child.js';
import { readMachine } from './machine.js';
import { planPool } from './pool-plan.js';
import { runTask, type RunningTask } from './run-task.js';
import { removeAbandonedScratch } from './scratch.js';

export interface RunningWorker {
  readonly id: string;
  /** Takes no new task, hands running ones back without spending a try, and ends the children. */
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

  let status: 'online' | 'draining' = 'online';
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
    onRunning: (taskId: string, task: RunningTask) => {
      running.set(taskId, task);
      if (status === 'draining') task.stop('drained');
      return () => running.delete(taskId);
    },
  };

  const calls = listenForCalls(settings.redisUrl, {
    prefix: settings.prefix,
    onCall: (taskId) => running.get(taskId)?.lookAtRequests(),
    log,
  });
  const connection = new Redis(settings.redisUrl, { maxRetriesPerRequest: null });
  connection.on('error', (error) => log.warn({ err: error }, 'Redis is away; deliveries wait'));
  const consumer = new Worker<Delivery>(
    QUEUE_NAME,
    // What goes wrong here is the worker's own trouble (Postgres away, say): the task is still queued in Postgres, and
    // the reconciler sends it again. A task's own failure is an outcome, not an error.
    (delivery) => runTask(context, delivery.data),
    { connection, prefix: settings.prefix, concurrency, lockDuration: 60_000 },
  );
  consumer.on('error', (error) => log.warn({ err: error }, 'the delivery queue is interrupted'));
  consumer.on('failed', (delivery, error) => log.error({ err: error, task: delivery?.data.taskId }, 'delivery failed'));

  const presence = setInterval(() => {
    reportWorker({ db, now: clock.now() }, id, { status }).catch((error: unknown) => {
      log.warn({ err: error }, 'presence could not be reported');
    });
  }, settings.heartbeatSeconds * 1000);

  return {
    id,
    async drain() {
      status = 'draining';
      log.info({ running: running.size }, 'draining: running tasks are handed back');
      for (const task of running.values()) task.stop('drained');
      await consumer.close();
      clearInterval(presence);
      calls.close();
      connection.disconnect();
      await pool.close();
      await rm(scratchFolder, { recursive: true, force: true });
      await reportWorker({ db, now: clock.now() }, id, { status: 'offline' });
    },
  };
}
