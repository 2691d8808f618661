import type { DeliveryQueue } from '@retort/jobs';
import type { FastifyBaseLogger } from 'fastify';

/** Calls the workers that run these tasks without waiting; while Redis is away they read what was asked with their next heartbeat. */
export function callWorkers(queue: DeliveryQueue, taskIds: readonly string[], log: FastifyBaseLogger): void {
  if (taskIds.length === 0) return;
  queue.callWorkers(taskIds).catch((error: unknown) => {
    log.warn({ err: error }, 'the workers could not be called; they read what was asked with their next heartbeat');
  });
}
