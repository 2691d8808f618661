import { Type, type Static } from 'typebox';

export const eventTypes = [
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
  // Of the parts and the merge of a job that several tasks share.
  'task.started',
  'task.retrying',
  'task.succeeded',
] as const;

export const EventType = Type.Enum([...eventTypes]);
export type EventType = Static<typeof EventType>;

/**
 * One thing that happened; `id` counts within its experiment, without gaps until retention drops events that nothing
 * depends on any more.
 */
export const RetortEvent = Type.Object({
  id: Type.Integer({
    description:
      'Position in the experiment; send it back as `Last-Event-ID` to go on from here. A day after a job ended its `job.progress` events are dropped, and where an operator asks for it other events that are not the end of anything: their numbers are missing then, and every other event is still there.',
  }),
  type: EventType,
  experiment_id: Type.String(),
  job_id: Type.Union([Type.String(), Type.Null()]),
  created_at: Type.String({ format: 'date-time' }),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type RetortEvent = Static<typeof RetortEvent>;
