import type { Logger } from 'pino';
import type { Reason } from '@retort/contracts';
import type { Clock, Database } from '@retort/store';
import { changeExperiment, type Clocked } from './change.js';
import type { DeliveryQueue } from './delivery.js';
import { endAttempt } from './finish.js';

/** Seconds after which a delivery that no worker has claimed is looked for in Redis. */
const LOST_AFTER_SECONDS = 15;
/** Seconds without a heartbeat after which a worker counts as gone. */
const WORKER_GONE_SECONDS = 60;

export interface Reconciled {
  readonly leasesExpired: number;
  readonly overtime: number;
  readonly deliveriesLost: number;
  readonly workersGone: number;
}

/** Mends what crashes leave behind; safe to run in many processes at once, since each repair is a compare-and-set. */
export async function reconcile(clocked: Clocked, queue: DeliveryQueue): Promise<Reconciled> {
  return {
    leasesExpired: await expireLeases(clocked),
    overtime: await endOvertime(clocked, queue),
    deliveriesLost: await resendLostDeliveries(clocked, queue),
    workersGone: await markGoneWorkers(clocked),
  };
}

interface Running {
  id: string;
  lease_token: string;
  experiment_id: string;
  worker_id: string;
}

async function expireLeases(clocked: Clocked): Promise<number> {
  const { db, now } = clocked;
  const expired = await db.$queryRaw<Running[]>`
    SELECT tasks.id, lease_token, experiment_id, worker_id FROM tasks JOIN jobs ON jobs.id = job_id
    WHERE tasks.status = 'running' AND lease_expires_at < ${now}`;
  let ended = 0;
  for (const task of expired) {
    const detail = `worker ${task.worker_id} was not heard of before its lease ended`;
    // The lease may have been renewed since it was read.
    if (await endIf(clocked, task, 'lease_expired', detail, { leaseExpiresAt: { lt: now } })) ended++;
  }
  return ended;
}

async function endOvertime(clocked: Clocked, queue: DeliveryQueue): Promise<number> {
  const { db, now } = clocked;
  const overtime = await db.$queryRaw<(Running & { max_duration_seconds: number })[]>`
    SELECT tasks.id, lease_token, experiment_id, worker_id, max_duration_seconds
    FROM tasks JOIN jobs ON jobs.id = job_id
    WHERE tasks.status = 'running' AND tasks.started_at + max_duration_seconds * interval '1 second' < ${now}`;
  let ended = 0;
  for (const task of overtime) {
    const detail = `it ran longer than the ${task.max_duration_seconds} s that /limits/max_duration_seconds allows`;
    if (!(await endIf(clocked, task, 'max_duration_exceeded', detail, {}))) continue;
    ended++;
    await queue.callWorkers([task.id]);
  }
  return ended;
}

/** Ends the attempt that holds this lease, if it still does. */
function endIf(clocked: Clocked, task: Running, reason: Reason, detail: string, also: object): Promise<boolean> {
  return changeExperiment(clocked, task.experiment_id, async (change) => {
    const where = { id: task.id, status: 'running' as const, leaseToken: task.lease_token, ...also };
    if ((await change.tx.task.count({ where })) === 0) return false;
    await endAttempt(change, task.id, { reason, detail });
    return true;
  });
}

/** Marks deliveries as unsent that Redis should hold but does not: it was emptied, or restarted without its data. */
async function resendLostDeliveries({ db, now }: Clocked, queue: DeliveryQueue): Promise<number> {
  const before = new Date(now.getTime() - LOST_AFTER_SECONDS * 1000);
  const unclaimed = await db.$queryRaw<{ id: bigint; task_id: string; attempt: number }[]>`
    SELECT outbox.id, task_id, outbox.attempt FROM outbox JOIN tasks ON tasks.id = task_id
    WHERE tasks.status = 'queued' AND tasks.attempt = outbox.attempt AND sent_at < ${before}
    ORDER BY outbox.id LIMIT 1000`;
  let lost = 0;
  for (const row of unclaimed) {
    if (await queue.holds({ taskId: row.task_id, attempt: row.attempt })) continue;
    const { count } = await db.outbox.updateMany({
      where: { id: row.id, sentAt: { lt: before } },
      data: { sentAt: null },
    });
    lost += count;
  }
  return lost;
}

async function markGoneWorkers({ db, now }: Clocked): Promise<number> {
  const before = new Date(now.getTime() - WORKER_GONE_SECONDS * 1000);
  const { count } = await db.worker.updateMany({
    where: { status: { not: 'offline' }, heartbeatAt: { lt: before } },
    data: { status: 'offline' },
  });
  return count;
}

/** Reconciles every `intervalMs` milliseconds until it is closed. */
export function startReconciler(
  { db, clock }: { db: Database; clock: Clock },
  queue: DeliveryQueue,
  { intervalMs = 5000, log }: { intervalMs?: number; log: Logger },
): { close(): Promise<void> } {
  let running = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = reconcile({ db, now: clock.now() }, queue)
      .then(
        (mended) => {
          if (Object.values(mended).some((count) => count > 0)) log.info(mended, 'reconciled');
        },
        (error: unknown) => log.warn({ err: error }, 'reconciling failed; it is tried again'),
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
