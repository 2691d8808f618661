import type { Logger } from 'pino';
import type { Reason } from '@retort/contracts';
import { isDatabaseAway, isLockTimeout, type Clock, type Database } from '@retort/store';
import { changeExperiment, type Change, type Clocked } from './change.js';
import type { Delivery, DeliveryQueue } from './delivery.js';
import { readStanding } from './dispatch/standing.js';
import { closeAttempt, endAttempt } from './finish.js';
import { settleFollower, strandedFollowers } from './followers.js';
import { endJob, type JobRef } from './settle.js';

/** Seconds after which a delivery that no worker has claimed is looked for in Redis. */
const LOST_AFTER_SECONDS = 5;
/** Seconds after an outage of Postgres in which no lease ends: meanwhile no worker could renew one. */
const RENEWAL_SECONDS = 15;
/** Jobs whose time in the queue is over that are ended in one go. */
const TIMEOUT_BATCH = 500;
/** Milliseconds that a repair waits for the lock of an experiment. */
const PATIENCE_MS = 1000;
/** Seconds without a heartbeat after which a worker counts as gone. */
const WORKER_GONE_SECONDS = 60;

export interface Reconciled {
  readonly leasesExpired: number;
  readonly overtime: number;
  readonly queueTimeouts: number;
  readonly deliveriesLost: number;
  readonly workersGone: number;
  readonly followersSettled: number;
}

/**
 * Mends what crashes leave behind; safe to run in many processes at once, since each repair is a compare-and-set.
 *
 * @param options.spareLeases whether leases that have run out may still be renewed
 */
export async function reconcile(
  clocked: Clocked,
  queue: DeliveryQueue,
  { spareLeases = false }: { spareLeases?: boolean } = {},
): Promise<Reconciled> {
  const repair = repairsOf(clocked);
  return {
    leasesExpired: spareLeases ? 0 : await expireLeases(clocked, repair, queue),
    overtime: await endOvertime(clocked, repair, queue),
    queueTimeouts: await endQueueTimeouts(clocked, repair),
    workersGone: await markGoneWorkers(clocked),
    followersSettled: await settleStranded(clocked, repair),
    // The last, since it fails while Redis is away.
    deliveriesLost: await recallDeliveries(clocked, queue),
  };
}

/** Changes an experiment; undefined where that was left to the next round. */
type Repair = <T>(experimentId: string, work: (change: Change) => Promise<T>) => Promise<T | undefined>;

/** The repairs of one round, which no experiment holds up: one whose lock somebody keeps is left to the next round. */
function repairsOf(clocked: Clocked): Repair {
  const locked = new Set<string>();
  return async (experimentId, work) => {
    if (locked.has(experimentId)) return undefined;
    try {
      return await changeExperiment(clocked, experimentId, work, { patienceMs: PATIENCE_MS });
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      locked.add(experimentId);
      return undefined;
    }
  };
}

interface Running {
  id: string;
  lease_token: string;
  experiment_id: string;
  worker_id: string;
}

async function expireLeases({ db, now }: Clocked, repair: Repair, queue: DeliveryQueue): Promise<number> {
  const expired = await db.sql.$queryRaw<Running[]>`
    SELECT tasks.id, lease_token, experiment_id, worker_id FROM tasks JOIN jobs ON jobs.id = job_id
    WHERE tasks.status = 'running' AND lease_expires_at < ${now}`;
  let ended = 0;
  for (const task of expired) {
    const detail = `worker ${task.worker_id} was not heard of before its lease ended`;
    // The lease may have been renewed since it was read.
    const stopped = await endIf(repair, task, { reason: 'lease_expired', detail, expiredBefore: now });
    if (!stopped) continue;
    ended++;
    await queue.callWorkers(stopped);
  }
  return ended;
}

async function endOvertime({ db, now }: Clocked, repair: Repair, queue: DeliveryQueue): Promise<number> {
  const overtime = await db.sql.$queryRaw<(Running & { max_duration_seconds: number })[]>`
    SELECT tasks.id, lease_token, experiment_id, worker_id, max_duration_seconds
    FROM tasks JOIN jobs ON jobs.id = job_id
    WHERE tasks.status = 'running' AND tasks.started_at + max_duration_seconds * interval '1 second' < ${now}`;
  let ended = 0;
  for (const task of overtime) {
    const detail = `it ran longer than the ${task.max_duration_seconds} s that /limits/max_duration_seconds allows`;
    const stopped = await endIf(repair, task, { reason: 'max_duration_exceeded', detail });
    if (!stopped) continue;
    ended++;
    await queue.callWorkers([task.id, ...stopped]);
  }
  return ended;
}

/**
 * Ends the attempt that holds this lease.
 *
 * @returns the tasks that ran beside it and ended with it; undefined where it does not hold the lease any more, or was left to the next round
 */
function endIf(
  repair: Repair,
  { id: taskId, lease_token: token, experiment_id }: Running,
  ending: { reason: Reason; detail: string; expiredBefore?: Date },
): Promise<readonly string[] | undefined> {
  return repair(experiment_id, async (change) => {
    const task = await closeAttempt(change, { taskId, token }, ending);
    if (!task) return undefined;
    await endAttempt(change, task, ending);
    return change.stopped;
  });
}

async function endQueueTimeouts({ db, now }: Clocked, repair: Repair): Promise<number> {
  const expired = await db.sql.$queryRaw<{ job_id: string; experiment_id: string; queue_timeout_seconds: number }[]>`
    SELECT DISTINCT job_id, experiment_id, queue_timeout_seconds
    FROM outbox JOIN tasks ON tasks.id = task_id JOIN jobs ON jobs.id = job_id
    WHERE expires_at < ${now} LIMIT ${TIMEOUT_BATCH}`;
  let ended = 0;
  for (const { job_id: id, experiment_id, queue_timeout_seconds } of expired) {
    const detail = `no worker started it within the ${queue_timeout_seconds} s that /limits/queue_timeout_seconds allows`;
    const timedOut = await repair(experiment_id, async (change) => {
      // It may have been started, or paused and resumed, since it was read.
      const [job] = await change.tx.$queryRaw<JobRef[]>`
        SELECT id, name FROM jobs WHERE id = ${id} AND status = 'queued' AND started_at IS NULL AND EXISTS (
          SELECT FROM outbox JOIN tasks ON tasks.id = task_id WHERE job_id = jobs.id AND expires_at < ${now})`;
      if (!job) return false;
      await endJob(change, job, { reason: 'queue_timeout', detail });
      return true;
    });
    if (timedOut) ended++;
  }
  return ended;
}

/**
 * Marks deliveries as unsent that no worker will take: Redis should hold them but does not, since it was emptied or
 * restarted without its data; or the last worker with the engine that they were sent to is gone.
 */
async function recallDeliveries({ db, now }: Clocked, queue: DeliveryQueue): Promise<number> {
  const before = new Date(now.getTime() - LOST_AFTER_SECONDS * 1000);
  const unclaimed = await db.sql.$queryRaw<(Delivery & { id: bigint; sentAt: Date })[]>`
    SELECT id, task_id AS "taskId", attempt, sent_to AS engine, sent_at AS "sentAt" FROM outbox
    WHERE sent_at < ${before} ORDER BY id`;
  if (unclaimed.length === 0) return 0;
  const { slots } = await readStanding(db.sql, now);
  const recalled = await Promise.all(
    unclaimed.map(async ({ id, sentAt, ...delivery }) => {
      if (!slots.has(delivery.engine)) await queue.takeBack(delivery);
      else if (await queue.holds(delivery)) return 0;
      return db.sql.$executeRaw`
        UPDATE outbox SET sent_at = NULL, sent_to = NULL WHERE id = ${id} AND sent_at = ${sentAt}`;
    }),
  );
  return recalled.reduce<number>((total, count) => total + count, 0);
}

async function markGoneWorkers({ db, now }: Clocked): Promise<number> {
  const before = new Date(now.getTime() - WORKER_GONE_SECONDS * 1000);
  return db.sql.$executeRaw`
    UPDATE workers SET status = 'offline' WHERE status IN ('online', 'draining') AND heartbeat_at < ${before}`;
}

async function settleStranded({ db }: Clocked, repair: Repair): Promise<number> {
  const stranded = await strandedFollowers(db.sql);
  for (const { id, experimentId } of stranded) await repair(experimentId, (change) => settleFollower(change, id));
  return stranded.length;
}

/** Reconciles every `intervalMs` milliseconds until it is closed. */
export function startReconciler(
  { db, clock }: { db: Database; clock: Clock },
  queue: DeliveryQueue,
  { intervalMs = 5000, log }: { intervalMs?: number; log: Logger },
): { close(): Promise<void> } {
  let running = Promise.resolve();
  let busy = false;
  let away = -Infinity;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    const spareLeases = performance.now() - away < RENEWAL_SECONDS * 1000;
    running = reconcile({ db, now: clock.now() }, queue, { spareLeases })
      .then(
        (mended) => {
          if (Object.values(mended).some((count) => count > 0)) log.info(mended, 'reconciled');
        },
        (error: unknown) => {
          if (isDatabaseAway(error)) away = performance.now();
          log.warn({ err: error }, 'reconciling failed; it is tried again');
        },
      )
      .finally(() => {
        busy = false;
      });
  }, intervalMs);
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
