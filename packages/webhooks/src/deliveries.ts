import { pageOf, type Clocked, type Page, type PageRequest } from '@retort/jobs';
import type { Queryable } from '@retort/store';
import { DISABLED_AFTER_MS, nextAttemptAt } from './schedule.js';
import { deliveryView, type DeliveryRow, type WebhookDeliveryView } from './views.js';

/** Days for which messages are kept that are no longer on their way. */
const KEPT_DAYS = 30;
/** Rows that are deleted in one go. */
const SWEEP = 1000;

/** A message that this process may send now. */
export interface ClaimedDelivery {
  readonly id: string;
  /** Its number of this attempt; the outcome is written by whoever still has it. */
  readonly attempts: number;
  readonly type: string;
  readonly occurredAt: Date;
  readonly data: DeliveryRow['data'];
}

/** How an attempt ended: with an answer, or with what was in its way. */
export type AttemptOutcome = { readonly responseStatus: number } | { readonly error: string };

/**
 * Takes messages of an endpoint that are due.
 *
 * Any number of processes may run it: each takes rows that no other holds. What a process took and died with is due again
 * after the lease.
 */
export async function claimDeliveries(
  { db, now }: Clocked,
  endpointId: string,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<ClaimedDelivery[]> {
  const until = new Date(now.getTime() + leaseMs);
  return db.sql.$queryRaw<ClaimedDelivery[]>`
    UPDATE webhook_deliveries SET attempts = attempts + 1, last_attempt_at = ${now}, next_attempt_at = ${until}
    WHERE id IN (
      SELECT id FROM webhook_deliveries
      WHERE endpoint_id = ${endpointId} AND status = 'pending' AND next_attempt_at <= ${now}
      ORDER BY next_attempt_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id, attempts, type, occurred_at AS "occurredAt", data`;
}

/**
 * Writes how an attempt ended, and what follows: another one, an end, or the end of the endpoint.
 *
 * @returns why the endpoint was disabled, where it was
 */
export async function recordAttempt(
  { db, now }: Clocked,
  endpointId: string,
  { id, attempts }: Pick<ClaimedDelivery, 'id' | 'attempts'>,
  outcome: AttemptOutcome,
): Promise<string | undefined> {
  const responseStatus = 'responseStatus' in outcome ? outcome.responseStatus : null;
  const delivered = responseStatus !== null && responseStatus >= 200 && responseStatus < 300;
  const retryAt = delivered || responseStatus === 410 ? undefined : nextAttemptAt(attempts, now);
  const state = delivered
    ? { status: 'delivered', deliveredAt: now, error: null }
    : { error: errorOf(outcome), ...(retryAt ? { nextAttemptAt: retryAt } : { status: 'failed' }) };
  return db.$transaction(async (tx) => {
    const { count } = await tx.webhookDelivery.updateMany({
      where: { id, attempts, status: 'pending' },
      data: { responseStatus, ...state },
    });
    // Its lease ran out, and another process has it.
    if (count === 0) return undefined;
    if (delivered) {
      await tx.webhookEndpoint.updateMany({
        where: { id: endpointId, failingSince: { not: null } },
        data: { failingSince: null },
      });
      return undefined;
    }
    await tx.webhookEndpoint.updateMany({ where: { id: endpointId, failingSince: null }, data: { failingSince: now } });
    return disableWhereHopeless(tx, now, endpointId, responseStatus === 410);
  });
}

/** Gives back a message whose attempt this process could not end: it is due at once, and no try is spent. */
export async function releaseDelivery(
  { db, now }: Clocked,
  { id, attempts }: Pick<ClaimedDelivery, 'id' | 'attempts'>,
): Promise<void> {
  await db.webhookDelivery.updateMany({
    where: { id, attempts, status: 'pending' },
    data: { attempts: attempts - 1, nextAttemptAt: now },
  });
}

async function disableWhereHopeless(
  tx: Queryable,
  now: Date,
  endpointId: string,
  gone: boolean,
): Promise<string | undefined> {
  const hopelessBefore = new Date(now.getTime() - DISABLED_AFTER_MS);
  const days = DISABLED_AFTER_MS / 86_400_000;
  const reason = gone ? 'it answered 410 Gone' : `no message has reached it for ${days} days`;
  const { count } = await tx.webhookEndpoint.updateMany({
    where: { id: endpointId, enabled: true, ...(!gone && { failingSince: { lt: hopelessBefore } }) },
    data: { enabled: false, disabledReason: reason, disabledAt: now },
  });
  if (count === 0) return undefined;
  const type = 'webhook_endpoint.disabled';
  const others = await tx.webhookEndpoint.findMany({ where: { enabled: true, eventTypes: { has: type } } });
  await tx.webhookDelivery.createMany({
    data: others.map((other) => ({
      endpointId: other.id,
      type,
      data: { endpoint_id: endpointId, reason },
      occurredAt: now,
      nextAttemptAt: now,
    })),
  });
  return reason;
}

function errorOf(outcome: AttemptOutcome): string {
  if ('error' in outcome) return outcome.error;
  const { responseStatus: status } = outcome;
  const redirected = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  return `answered ${status}${redirected}`;
}

/** A page of the messages to an endpoint, the newest first. */
export async function listDeliveries(
  { db }: Clocked,
  endpointId: string,
  { status, limit, after }: PageRequest & { readonly status?: WebhookDeliveryView['status'] },
): Promise<Page<WebhookDeliveryView>> {
  const rows = await db.webhookDelivery.findMany({
    where: { endpointId, status, ...(after !== undefined && { id: { lt: after } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  return pageOf(rows.map(deliveryView), limit);
}

/** Puts a message on its way again, under its old id and with all of its tries; undefined where there is none. */
export async function redeliver(
  { db, now }: Clocked,
  endpointId: string,
  id: string,
): Promise<WebhookDeliveryView | undefined> {
  await db.webhookDelivery.updateMany({
    where: { id, endpointId },
    data: { status: 'pending', attempts: 0, nextAttemptAt: now },
  });
  const row = await db.webhookDelivery.findFirst({ where: { id, endpointId } });
  return row ? deliveryView(row) : undefined;
}

/** Puts a message that says nothing on its way; undefined where there is no such endpoint. */
export async function sendTest({ db, now }: Clocked, endpointId: string): Promise<WebhookDeliveryView | undefined> {
  if ((await db.webhookEndpoint.count({ where: { id: endpointId } })) === 0) return undefined;
  const data = { endpoint_id: endpointId };
  const type = 'webhook_endpoint.test';
  return deliveryView(
    await db.webhookDelivery.create({ data: { endpointId, type, data, occurredAt: now, nextAttemptAt: now } }),
  );
}

/** Deletes some messages that have been at their end for long; the number of those. */
export async function sweepDeliveries({ db, now }: Clocked): Promise<number> {
  const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
  return db.sql.$executeRaw`
    DELETE FROM webhook_deliveries WHERE id IN (
      SELECT id FROM webhook_deliveries
      WHERE status IN ('delivered', 'failed') AND occurred_at < ${before} LIMIT ${SWEEP} FOR UPDATE SKIP LOCKED)`;
}
