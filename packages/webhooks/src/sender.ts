import type { Clock, Database, Prisma } from '@retort/store';
import type { Logger } from 'pino';
import type { AddressPolicy } from './addresses.js';
import {
  claimDeliveries,
  recordAttempt,
  releaseDelivery,
  sweepDeliveries,
  type AttemptOutcome,
  type ClaimedDelivery,
} from './deliveries.js';
import { postMessage, type Resolve } from './post-message.js';
import { signedHeaders } from './signature.js';
import { payloadOf } from './views.js';

/** Messages that a process has on their way to one endpoint: a slow one holds no other. */
const AT_ONCE = 4;
/** Milliseconds that messages on their way have when the process is to end; then they are given back. */
const CLOSE_MS = 3000;
/** Milliseconds between two sweeps of old messages. */
const SWEEP_EVERY_MS = 10 * 60_000;

export interface SenderOptions {
  readonly log: Logger;
  readonly version: string;
  readonly addresses: AddressPolicy;
  /** Milliseconds between two looks for what is due. */
  readonly intervalMs?: number;
  /** Milliseconds that a receiver may take; what a process took is another's after twice as long. */
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
}

export interface Sender {
  /** Looks for what is due now instead of at the next tick. */
  wake: () => void;
  /** Ends once the messages that are on their way have their outcome written. */
  close: () => Promise<void>;
}

type Endpoint = Pick<
  Prisma.WebhookEndpointGetPayload<object>,
  'id' | 'url' | 'secret' | 'previousSecret' | 'previousUntil'
>;

/** Sends the messages of webhook endpoints, beside any number of other processes, until it is closed. */
export function startSender(
  { db, clock }: { db: Database; clock: Clock },
  { log, version, addresses, intervalMs = 1000, timeoutMs = 15_000, resolve }: SenderOptions,
): Sender {
  const ending = new AbortController();
  const sending = new Map<string, Set<Promise<void>>>();
  let closed = false;
  let stopWaiting = () => {};
  let woken = false;
  let failing = false;
  let sweptAt = -Infinity;

  async function send(endpoint: Endpoint, delivery: ClaimedDelivery): Promise<void> {
    const now = clock.now();
    const body = JSON.stringify(payloadOf(delivery));
    const { secret, previousSecret, previousUntil } = endpoint;
    const secrets = previousSecret && previousUntil && previousUntil > now ? [secret, previousSecret] : [secret];
    const signed = signedHeaders({ id: delivery.id, body, at: now }, secrets);
    const headers = { ...signed, 'user-agent': `Retort/${version}` };
    const options = { addresses, timeoutMs, resolve, signal: ending.signal };
    const outcome = await postMessage(new URL(endpoint.url), { headers, body }, options).then(
      (responseStatus): AttemptOutcome => ({ responseStatus }),
      (error: unknown): AttemptOutcome => ({ error: error instanceof Error ? error.message : String(error) }),
    );
    if (ending.signal.aborted && 'error' in outcome) return releaseDelivery({ db, now: clock.now() }, delivery);
    const disabled = await recordAttempt({ db, now: clock.now() }, endpoint.id, delivery, outcome);
    if (disabled) log.warn({ endpoint: endpoint.id, url: endpoint.url }, `a webhook endpoint is disabled: ${disabled}`);
  }

  /** Begins to send what is due to an endpoint, as far as there is room. */
  async function serve(endpoint: Endpoint): Promise<void> {
    const own = sending.get(endpoint.id) ?? new Set();
    const room = AT_ONCE - own.size;
    if (room === 0) return;
    const limits = { limit: room, leaseMs: 2 * timeoutMs };
    const claimed = await claimDeliveries({ db, now: clock.now() }, endpoint.id, limits);
    if (claimed.length > 0) sending.set(endpoint.id, own);
    for (const delivery of claimed) {
      const work = send(endpoint, delivery)
        .catch((error: unknown) => {
          log.warn(
            { err: error, delivery: delivery.id },
            'the outcome of a message could not be written; it is sent again',
          );
        })
        .finally(() => {
          own.delete(work);
          if (own.size === 0) sending.delete(endpoint.id);
          // There may be more where there was no room for all.
          if (claimed.length === room) wake();
        });
      own.add(work);
    }
  }

  async function round(): Promise<void> {
    const endpoints = await db.sql.$queryRaw<Endpoint[]>`
      SELECT id, url, secret, previous_secret AS "previousSecret", previous_until AS "previousUntil"
      FROM webhook_endpoints WHERE enabled`;
    for (const endpoint of endpoints) await serve(endpoint);
    if (performance.now() - sweptAt > SWEEP_EVERY_MS) {
      sweptAt = performance.now();
      await sweepDeliveries({ db, now: clock.now() });
    }
  }

  async function run(): Promise<void> {
    while (!closed) {
      woken = false;
      await round().then(
        () => (failing = false),
        (error: unknown) => {
          if (!failing) log.warn({ err: error }, 'webhooks cannot be sent now; they wait');
          failing = true;
        },
      );
      if (woken || closed) continue;
      await new Promise<void>((resolveWait) => {
        const timer = setTimeout(resolveWait, intervalMs);
        stopWaiting = () => {
          clearTimeout(timer);
          resolveWait();
        };
      });
    }
  }

  function wake(): void {
    woken = true;
    stopWaiting();
  }

  const running = run();
  return {
    wake,
    async close() {
      closed = true;
      stopWaiting();
      await running;
      const patience = setTimeout(() => ending.abort(), CLOSE_MS);
      await Promise.all([...sending.values()].flatMap((own) => [...own]));
      clearTimeout(patience);
    },
  };
}
