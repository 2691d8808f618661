import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { engineNames } from '@retort/contracts';
import { JobCounts, readBacklog } from '@retort/jobs';
import { Type } from 'typebox';
import { answer, refusals } from '../../../schemas/answer.js';
import { within } from '../../../within.js';

const Queue = Type.Object({
  jobs: JobCounts,
  unsent: Type.Integer({ description: 'Deliveries that wait in Postgres for Redis.' }),
  deliveries: Type.Union([Type.Record(Type.String(), Type.Integer()), Type.Literal('unavailable')], {
    description: 'What Redis holds, by state; `unavailable` while it is away.',
  }),
});

export const queue: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db, queue: deliveryQueue } = app.services;
  app.get(
    '/',
    {
      schema: {
        operationId: 'getQueue',
        tags: ['operation'],
        summary: 'Count what waits and what runs',
        response: { 200: answer('Jobs by Postgres, deliveries by Redis.', Queue), ...refusals() },
      },
    },
    async (request) => {
      const backlog = await readBacklog(db);
      const deliveries = await within(1000, deliveryQueue.counts(engineNames)).catch((error: unknown) => {
        request.log.warn({ err: error }, 'Redis does not say what it holds');
        return 'unavailable' as const;
      });
      return { ...backlog, deliveries };
    },
  );
  done();
};
