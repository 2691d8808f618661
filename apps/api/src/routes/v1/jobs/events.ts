import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readEvents, readJob } from '@retort/jobs';
import { jobReading } from '../../../job-reading.js';
import { notFound } from '../../../problem.js';
import { eventPage, resumeFrom } from '../../../plugins/event-stream.js';
import { refusals } from '../../../schemas/answer.js';
import { eventAnswers, EventHeaders, EventQuery } from '../../../schemas/event.js';
import { ById } from '../../../schemas/list.js';

export const jobEvents: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db } = app.services;
  app.get(
    '/:id/events',
    {
      sse: 'dual',
      schema: {
        operationId: 'listJobEvents',
        tags: ['jobs'],
        summary: 'Read or follow the events of a job',
        description: 'Numbered within the experiment. A stream ends when the job has ended.',
        params: ById('job', 'The job.'),
        querystring: EventQuery,
        headers: EventHeaders,
        response: { ...eventAnswers, ...refusals('not-found', 'invalid-parameter') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { after, limit } = request.query;
      const job = await readJob(jobReading(app.services), id);
      if (!job) throw notFound('job', id);
      const source = { experimentId: job.experiment_id, jobId: id };
      if (reply.sse) await reply.streamEvents(source, resumeFrom(request, after));
      else return eventPage(await readEvents(db, source, { after, limit: limit + 1 }), limit);
    },
  );
  done();
};
