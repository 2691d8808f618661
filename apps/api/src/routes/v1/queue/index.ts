import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { engineNames } from '@retort/contracts';
import { QueueView, readBacklog } from '@retort/jobs';
import { Type } from 'typebox';
import { jobReading } from '../../../job-reading.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { within } from '../../../within.js';
import { countSparingly } from './count-sparingly.js';

const Queue = Type.Object({
  ...QueueView.properties,
  deliveries: Type.Union([Type.Record(Type.String(), Type.Integer()), Type.Literal('unavailable')], {
    description: 'What Redis holds, by state; `unavailable` while it is away.',
  }),
});

export const queue: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { queue: deliveryQueue } = app.services;
  const countBacklog = countSparingly(() => readBacklog(jobReading(app.services)));
  app.get(
    '/',
    {
      schema: {
        operationId: 'getQueue',
        tags: ['operation'],
        summary: 'Say what waits and what runs',
        response: { 200: answer('What waits by Postgres, deliveries by Redis.', Queue), ...refusals() },
      },
    },
    async (request) => {
      const backlog = await countBacklog();
      const deliveries = await within(1000, deliveryQueue.counts(engineNames)).catch((error: unknown) => {
        request.log.warn({ err: error }, 'Redis does not say what it holds');
        return 'unavailable' as const;
      });
      return { ...backlog, deliveries };
    },
  );
  done();
};
