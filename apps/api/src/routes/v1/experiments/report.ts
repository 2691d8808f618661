import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readExperiment, readJobsOf } from '@retort/jobs';
import { renderReport } from '@retort/report';
import { Type } from 'typebox';
import { jobReading } from '../../../job-reading.js';
import { notFound } from '../../../problem.js';
import { refusals } from '../../../schemas/answer.js';
import { ById } from '../../../schemas/list.js';

export const experimentReport: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db } = app.services;
  app.get(
    '/:id/report',
    {
      schema: {
        operationId: 'getExperimentReport',
        tags: ['experiments'],
        summary: 'Get the report of an experiment as a page',
        description: 'One self-contained HTML page; of an experiment that runs, with what is known so far.',
        params: ById('exp', 'The experiment.'),
        response: {
          200: { description: 'The page.', content: { 'text/html': { schema: Type.String() } } },
          ...refusals('not-found'),
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const experiment = await readExperiment(db, id);
      if (!experiment) throw notFound('experiment', id);
      return reply
        .type('text/html; charset=utf-8')
        .send(renderReport({ experiment, jobs: await readJobsOf(jobReading(app.services), id) }));
    },
  );
  done();
};
