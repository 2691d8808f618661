import { RetortEvent } from '@retort/contracts';
import { Type } from 'typebox';
import { answer } from './answer.js';
import { component, ref } from './component.js';

export const Event = component('Event', RetortEvent);

/** What to ask of a list of events. */
export const EventQuery = Type.Object(
  {
    after: Type.Integer({ minimum: 0, default: 0, description: 'The last event that is known already.' }),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Events in a JSON answer.' }),
  },
  { additionalProperties: false },
);

export const EventHeaders = Type.Object({
  'Last-Event-ID': Type.Optional(
    Type.Integer({ minimum: 0, description: 'For a stream: the last event that was received. It wins over `after`.' }),
  ),
});

/** Events as a list or, where `text/event-stream` is accepted, as a stream. */
export const eventAnswers = {
  200: answer(
    'The events after a number, in order. With `Accept: text/event-stream` those, and then each that happens.',
    Type.Object({
      data: Type.Array(ref(Event)),
      has_more: Type.Boolean(),
      next: Type.Union([Type.Integer(), Type.Null()], { description: 'What to send as `after` for the next page.' }),
    }),
    {
      also: {
        'text/event-stream': {
          schema: Type.String({ description: 'Of each event `id`, `event` (its type) and `data` (an Event).' }),
          example: 'id: 7\nevent: job.queued\ndata: {"id":7,"type":"job.queued"}\n\n',
        },
      },
    },
  ),
  204: { type: 'null', description: 'For a stream: nothing more will happen; do not connect again.' },
};
