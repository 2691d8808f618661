import type { EventType, RetortEvent } from '@retort/contracts';

/** By name, since an EventSource hears of no type that is not asked for: the compiler misses one that is not here. */
const types: Readonly<Record<EventType, true>> = {
  'experiment.created': true,
  'experiment.finished': true,
  'job.queued': true,
  'job.following': true,
  'job.started': true,
  'job.progress': true,
  'job.epoch': true,
  'job.checkpointed': true,
  'job.retrying': true,
  'job.cancelling': true,
  'job.pausing': true,
  'job.paused': true,
  'job.resumed': true,
  'job.succeeded': true,
  'job.failed': true,
  'job.cancelled': true,
  'task.started': true,
  'task.retrying': true,
  'task.succeeded': true,
};

/** Hears every event of an experiment from its first on, until the last one or until the signal aborts. */
export function follow(experimentId: string, signal: AbortSignal, hear: (event: RetortEvent) => void): void {
  const source = new EventSource(`/v1/experiments/${experimentId}/events`);
  signal.addEventListener('abort', () => source.close());
  for (const type of Object.keys(types)) {
    source.addEventListener(type, (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as RetortEvent;
      if (event.type === 'experiment.finished') source.close();
      hear(event);
    });
  }
}
