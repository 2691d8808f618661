import type { EventType, RetortEvent } from '@retort/contracts';

const types: readonly EventType[] = [
  'experiment.created',
  'experiment.finished',
  'job.queued',
  'job.following',
  'job.started',
  'job.progress',
  'job.epoch',
  'job.checkpointed',
  'job.retrying',
  'job.cancelling',
  'job.pausing',
  'job.paused',
  'job.resumed',
  'job.succeeded',
  'job.failed',
  'job.cancelled',
  'task.started',
  'task.retrying',
  'task.succeeded',
];

/** Hears every event of an experiment from its first on, until the last one or until the signal aborts. */
export function follow(experimentId: string, signal: AbortSignal, hear: (event: RetortEvent) => void): void {
  const source = new EventSource(`/v1/experiments/${experimentId}/events`);
  signal.addEventListener('abort', () => source.close());
  for (const type of types) {
    source.addEventListener(type, (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as RetortEvent;
      if (event.type === 'experiment.finished') source.close();
      hear(event);
    });
  }
}
