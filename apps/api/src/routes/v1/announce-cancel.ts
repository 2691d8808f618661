import type { DeliveryQueue } from '@retort/jobs';
import type { FastifyBaseLogger } from 'fastify';

/** Tells the workers of cancelled tasks without waiting; while Redis is away they read the flag with their next heartbeat. */
export function announceCancel(queue: DeliveryQueue, taskIds: readonly string[], log: FastifyBaseLogger): void {
  if (taskIds.length === 0) return;
  queue.announceCancel(taskIds).catch((error: unknown) => {
    log.warn({ err: error }, 'the workers were not told of the cancelled tasks; they read it with their heartbeat');
  });
}
