import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readExperiment, readJobsOf } from '@retort/jobs';
import { summarise } from '@retort/report';
import { jobReading } from '../../../job-reading.js';
import { notFound } from '../../../problem.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { Summary } from '../../../schemas/index.js';
import { ById } from '../../../schemas/list.js';

export const experimentSummary: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db } = app.services;
  app.get(
    '/:id/summary',
    {
      schema: {
        operationId: 'getExperimentSummary',
        tags: ['experiments'],
        summary: 'Get what an experiment found',
        description:
          'A row a net, seed and grid point, each compared with its reference. Of an experiment that runs: with what is known so far.',
        params: ById('exp', 'The experiment.'),
        response: { 200: answer('The findings.', ref(Summary)), ...refusals('not-found') },
      },
    },
    async ({ params: { id } }) => {
      const experiment = await readExperiment(db, id);
      if (!experiment) throw notFound('experiment', id);
      return summarise({ experiment, jobs: await readJobsOf(jobReading(app.services), id) });
    },
  );
  done();
};
