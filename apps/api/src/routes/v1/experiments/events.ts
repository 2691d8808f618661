import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readEvents, readExperiment } from '@retort/jobs';
import { notFound } from '../../../problem.js';
import { eventPage, resumeFrom } from '../../../plugins/event-stream.js';
import { refusals } from '../../../schemas/answer.js';
import { eventAnswers, EventHeaders, EventQuery } from '../../../schemas/event.js';
import { ById } from '../../../schemas/list.js';

export const experimentEvents: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db } = app.services;
  app.get(
    '/:id/events',
    {
      sse: 'dual',
      schema: {
        operationId: 'listExperimentEvents',
        tags: ['experiments'],
        summary: 'Read or follow the events of an experiment',
        description: 'A stream ends after `experiment.finished`; a client that comes back sends `Last-Event-ID`.',
        params: ById('exp', 'The experiment.'),
        querystring: EventQuery,
        headers: EventHeaders,
        response: { ...eventAnswers, ...refusals('not-found', 'invalid-parameter') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { after, limit } = request.query;
      if (!(await readExperiment(db, id))) throw notFound('experiment', id);
      const source = { experimentId: id };
      if (reply.sse) await reply.streamEvents(source, resumeFrom(request, after));
      else return eventPage(await readEvents(db, source, { after, limit: limit + 1 }), limit);
    },
  );
  done();
};
