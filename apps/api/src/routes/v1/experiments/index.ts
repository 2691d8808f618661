import {
  cancelExperiment,
  isKept,
  deleteExperiment,
  pause,
  resume,
  listExperiments,
  listJobs,
  readExperiment,
  readJobsOf,
  submitExperiment,
} from '@retort/jobs';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { addSteering } from '../steering.js';
import { jobReading } from '../../../job-reading.js';
import { invalid, notFound, Problem } from '../../../problem.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { Experiment, ExperimentSpec, withLinks } from '../../../schemas/experiment.js';
import { Job, withHrefs } from '../../../schemas/job.js';
import { ById, pageOf, pageQuery, pageRequest } from '../../../schemas/list.js';
import { acceptedHeaders, idempotencyHeaders, sendAccepted } from './accepted.js';
import { experimentEvents } from './events.js';
import { experimentReport } from './report.js';
import { experimentRetry } from './retry.js';
import { experimentSummary } from './summary.js';

const tags = ['experiments'];
const params = ById('exp', 'The experiment.');

export const experiments: FastifyPluginAsyncTypebox = async (app) => {
  const { artifacts, db, clock } = app.services;

  const find = async (id: string) => {
    const experiment = await readExperiment(db, id);
    if (!experiment) throw notFound('experiment', id);
    return experiment;
  };

  app.post(
    '/',
    {
      schema: {
        operationId: 'createExperiment',
        tags,
        summary: 'Submit an experiment',
        description:
          'Accepts a spec: when the answer comes its jobs are in Postgres, and nothing loses them. With an `Idempotency-Key` a repeated request of one API key is answered with the experiment that the first one made.',
        headers: idempotencyHeaders,
        body: ref(ExperimentSpec),
        response: {
          202: answer('It is accepted.', ref(Experiment), {
            headers: acceptedHeaders,
          }),
          ...refusals(
            'malformed-request',
            'body-too-large',
            'unsupported-media-type',
            'invalid-spec',
            'invalid-parameter',
            'idempotency-key-reused',
          ),
        },
      },
    },
    async (request, reply) => {
      if (request.body === undefined) {
        const remedy = 'send the experiment as JSON, with "Content-Type: application/json"';
        throw invalid('invalid-spec', [{ pointer: '', message: 'is missing', remedy }]);
      }
      const idempotencyKey = request.headers['idempotency-key'];
      const { apiKeyId } = request.caller;
      const submission = await submitExperiment(
        { db, now: clock.now() },
        { body: request.body, apiKeyId, idempotencyKey, isKept: (sha256) => isKept(artifacts, sha256) },
      );
      if (submission.outcome === 'invalid') throw invalid('invalid-spec', submission.problems);
      return sendAccepted(app.services, reply, submission);
    },
  );

  app.get(
    '/',
    {
      schema: {
        operationId: 'listExperiments',
        tags,
        summary: 'List experiments, the newest first',
        querystring: Type.Object(pageQuery('exp'), { additionalProperties: false }),
        response: { 200: answer('A page.', pageOf(ref(Experiment))), ...refusals('invalid-parameter') },
      },
    },
    async ({ query }) => {
      const { data, ...page } = await listExperiments(db, pageRequest(query));
      return { data: data.map(withLinks), ...page };
    },
  );

  app.get(
    '/:id',
    {
      schema: {
        operationId: 'getExperiment',
        tags,
        summary: 'Get an experiment',
        params,
        response: { 200: answer('The experiment.', ref(Experiment)), ...refusals('not-found') },
      },
    },
    async ({ params: { id } }) => withLinks(await find(id)),
  );

  app.delete(
    '/:id',
    {
      schema: {
        operationId: 'deleteExperiment',
        tags,
        summary: 'Delete an experiment that has finished',
        description:
          'Its jobs, events and curves are gone at once, its artifacts once nothing else refers to them for a while. Jobs of other experiments that reused its results keep those and their artifacts; their `reused_from` then leads nowhere.',
        params,
        response: {
          204: { type: 'null', description: 'It is deleted.' },
          ...refusals('not-found', 'experiment-running'),
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const outcome = await deleteExperiment({ db, now: clock.now() }, id);
      if (outcome === undefined) throw notFound('experiment', id);
      if (outcome === 'running') {
        throw new Problem(
          'experiment-running',
          `${id} has jobs that have not ended: cancel it with POST /v1/experiments/${id}/cancel, and delete it once it has finished.`,
        );
      }
      return reply.code(204).send(null);
    },
  );

  addSteering(app, {
    thing: 'experiment',
    params,
    schema: ref(Experiment),
    view: async (id) => withLinks(await find(id)),
    acts: {
      cancel: {
        summary: 'Cancel an experiment',
        description:
          'Cancels every job that has not ended: what waits at once, what runs as soon as its worker hears of it. A second request changes nothing.',
        act: cancelExperiment,
      },
      pause: {
        summary: 'Pause an experiment',
        description:
          'Pauses every job that has not ended: what waits at once, what runs once its worker has stopped with a checkpoint.',
        act: (clocked, id) => pause(clocked, { experimentId: id }),
      },
      resume: {
        summary: 'Resume the paused jobs of an experiment',
        description: 'Each goes on from its last checkpoint. What is not paused stays as it is.',
        act: (clocked, id) => resume(clocked, { experimentId: id }),
      },
    },
  });

  app.get(
    '/:id/jobs',
    {
      schema: {
        operationId: 'listExperimentJobs',
        tags,
        summary: 'List the jobs of an experiment, parents before their children',
        params,
        querystring: Type.Object(pageQuery('job'), { additionalProperties: false }),
        response: { 200: answer('A page.', pageOf(ref(Job))), ...refusals('not-found', 'invalid-parameter') },
      },
    },
    async ({ params: { id }, query }) => {
      await find(id);
      const { data, ...page } = await listJobs(
        jobReading(app.services),
        { experimentId: id },
        pageRequest(query),
        'plan',
      );
      return { data: data.map(withHrefs), ...page };
    },
  );

  app.get(
    '/:id/results',
    {
      schema: {
        operationId: 'getExperimentResults',
        tags,
        summary: 'Get an experiment with all of its jobs and their results',
        description: 'What a table or a report is made from, in one answer.',
        params,
        response: {
          200: answer(
            'The experiment and its jobs, in the order of its plan.',
            Type.Object({ experiment: ref(Experiment), jobs: Type.Array(ref(Job)) }),
          ),
          ...refusals('not-found'),
        },
      },
    },
    async ({ params: { id } }) => {
      const experiment = await find(id);
      const jobs = await readJobsOf(jobReading(app.services), id);
      return { experiment: withLinks(experiment), jobs: jobs.map(withHrefs) };
    },
  );

  await app.register(experimentRetry);
  await app.register(experimentEvents);
  await app.register(experimentSummary);
  await app.register(experimentReport);
};
