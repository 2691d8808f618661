/**
 * A worker process that computes nothing, for what the protocol itself costs: started with `retort` it claims each task
 * that it is delivered and finishes it, with `raw` it takes BullMQ's jobs and does no more.
 */
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { EngineDescription, JobResult } from '@retort/contracts';
import {
  claimTask,
  finishTask,
  openBell,
  queueName,
  registerWorker,
  reportWorker,
  type Outcome,
  type TaskAttempt,
} from '@retort/jobs';
import { followDatabaseClock, openDatabase } from '@retort/store';
import pino from 'pino';

const [kind, name] = process.argv.slice(2);
const { DATABASE_URL, REDIS_URL, RETORT_PREFIX } = process.env as Record<string, string>;
const connection = new Redis(REDIS_URL!, { maxRetriesPerRequest: null });
const bullmq = { connection, prefix: RETORT_PREFIX!, concurrency: 1 };

const engine: EngineDescription = {
  name: 'cpu',
  backend: 'cpu',
  versions: {},
  threads: 1,
  device: 'none: nothing is computed',
  self_check: { passed: true, max_relative_error: 0 },
  skipped: [],
};
/** As much of a result as the protocol looks at. */
const result = { kind: 'train', provenance: { engine } } as unknown as JobResult;

async function startRetortWorker(): Promise<Worker> {
  const db = openDatabase(DATABASE_URL!);
  const clock = followDatabaseClock(db, {
    onError: (error) => {
      throw error;
    },
  });
  await clock.ready;
  const identity = { name: name!, host: 'bench', pid: process.pid, version: '0.0.0', concurrency: 1 };
  const workerId = await registerWorker({ db, now: clock.now() }, identity);
  const report = (status: 'online' | 'offline') => reportWorker({ db, now: clock.now() }, workerId, { status, engine });
  await report('online');
  setInterval(() => void report('online'), 5000);
  process.once('SIGTERM', () => void report('offline').finally(() => process.exit()));
  const bell = openBell(REDIS_URL!, { prefix: RETORT_PREFIX!, log: pino({ level: 'silent' }) });
  return new Worker<TaskAttempt>(
    queueName(engine.name),
    async ({ data }) => {
      const request = { ...data, workerId, engine, leaseSeconds: 30 };
      const claim = await claimTask({ db, now: clock.now() }, request);
      if (claim.outcome === 'not_available') return bell.ring();
      const outcome: Outcome = { type: 'succeeded', result, artifacts: [] };
      await finishTask({ db, now: clock.now() }, claim.task.lease, outcome);
      bell.ring();
    },
    bullmq,
  );
}

function startRawWorker(): Worker {
  process.once('SIGTERM', () => process.exit());
  return new Worker('raw', () => Promise.resolve(), bullmq);
}

const worker = kind === 'retort' ? await startRetortWorker() : startRawWorker();
worker.on('error', (error) => process.stderr.write(`${String(error)}\n`));
worker.on('failed', (_, error) => process.stderr.write(`${String(error)}\n`));
await worker.waitUntilReady();
process.send!({ type: 'online' });
