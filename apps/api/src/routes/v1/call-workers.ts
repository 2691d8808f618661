import type { DeliveryQueue } from '@retort/jobs';
import type { FastifyBaseLogger } from 'fastify';

/** Calls these workers, or those that run these tasks, without waiting; while Redis is away they read what was asked with their next heartbeat. */
export function callWorkers(queue: DeliveryQueue, ids: readonly string[], log: FastifyBaseLogger): void {
  if (ids.length === 0) return;
  queue.callWorkers(ids).catch((error: unknown) => {
    log.warn({ err: error }, 'the workers could not be called; they read what was asked with their next heartbeat');
  });
}
