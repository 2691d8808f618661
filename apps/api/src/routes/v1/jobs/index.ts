import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { JobKind, JobStatus } from '@retort/contracts';
import { cancelJob, listJobs, pause, readAttempts, readJob, readMetrics, readTasks, resume } from '@retort/jobs';
import { Type } from 'typebox';
import { jobReading } from '../../../job-reading.js';
import { notFound } from '../../../problem.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { Attempt, Job, Metric, Task, withHrefs } from '../../../schemas/job.js';
import { ById, Id, pageOf, pageQuery, pageRequest } from '../../../schemas/list.js';
import { addSteering } from '../steering.js';
import { jobArtifacts } from './artifacts.js';
import { jobEvents } from './events.js';
import { jobVerification } from './verification.js';

const tags = ['jobs'];
const params = ById('job', 'The job.');

export const jobs: FastifyPluginAsyncTypebox = async (app) => {
  const { db } = app.services;

  const find = async (id: string) => {
    const job = await readJob(jobReading(app.services), id);
    if (!job) throw notFound('job', id);
    return job;
  };

  app.get(
    '/',
    {
      schema: {
        operationId: 'listJobs',
        tags,
        summary: 'List jobs, the newest first',
        querystring: Type.Object(
          {
            status: Type.Optional(JobStatus),
            kind: Type.Optional(JobKind),
            experiment_id: Type.Optional(Id('exp', 'Only those of this experiment.')),
            fingerprint: Type.Optional(
              Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Only those equal to the job with this one.' }),
            ),
            ...pageQuery('job'),
          },
          { additionalProperties: false },
        ),
        response: { 200: answer('A page.', pageOf(ref(Job))), ...refusals('invalid-parameter') },
      },
    },
    async ({ query }) => {
      const { status, kind, experiment_id: experimentId, fingerprint } = query;
      const filter = { status, kind, experimentId, fingerprint };
      const { data, ...page } = await listJobs(jobReading(app.services), filter, pageRequest(query));
      return { data: data.map(withHrefs), ...page };
    },
  );

  app.get(
    '/:id',
    {
      schema: {
        operationId: 'getJob',
        tags,
        summary: 'Get a job',
        params,
        response: { 200: answer('The job.', ref(Job)), ...refusals('not-found') },
      },
    },
    async ({ params: { id } }) => withHrefs(await find(id)),
  );

  addSteering(app, {
    thing: 'job',
    params,
    schema: ref(Job),
    view: async (id) => withHrefs(await find(id)),
    acts: {
      cancel: {
        summary: 'Cancel a job and the jobs that depend on it',
        description:
          'A job that waits is cancelled at once; one that runs as soon as its worker hears of it, until when `cancel_requested` is true. One that has ended stays as it is.',
        act: cancelJob,
      },
      pause: {
        summary: 'Pause a job',
        description:
          'A job that waits is paused at once; one that runs, once its worker has stopped with a checkpoint. One that has ended stays as it is.',
        act: (clocked, id) => pause(clocked, { jobId: id }),
      },
      resume: {
        summary: 'Resume a paused job',
        description: 'It goes on from its last checkpoint. A job that is not paused stays as it is.',
        act: (clocked, id) => resume(clocked, { jobId: id }),
      },
    },
  });

  app.get(
    '/:id/metrics',
    {
      schema: {
        operationId: 'listJobMetrics',
        tags,
        summary: 'Get the curves of a job',
        params,
        response: {
          200: answer('All points, by name and step.', Type.Object({ data: Type.Array(ref(Metric)) })),
          ...refusals('not-found'),
        },
      },
    },
    async ({ params: { id } }) => {
      await find(id);
      return { data: await readMetrics(db, id) };
    },
  );

  app.get(
    '/:id/tasks',
    {
      schema: {
        operationId: 'listJobTasks',
        tags,
        summary: 'Get the tasks of a job',
        description:
          'A job is one task, or, where its examples are split, one for each part and one that merges what the parts have found. Any worker may take any of them.',
        params,
        response: {
          200: answer('The parts by number, then their merge.', Type.Object({ data: Type.Array(ref(Task)) })),
          ...refusals('not-found'),
        },
      },
    },
    async ({ params: { id } }) => {
      await find(id);
      return { data: await readTasks(db, id) };
    },
  );

  app.get(
    '/:id/attempts',
    {
      schema: {
        operationId: 'listJobAttempts',
        tags,
        summary: 'Get the attempts at a job',
        params,
        response: {
          200: answer('In the order in which they started.', Type.Object({ data: Type.Array(ref(Attempt)) })),
          ...refusals('not-found'),
        },
      },
    },
    async ({ params: { id } }) => {
      await find(id);
      return { data: await readAttempts(db, id) };
    },
  );

  await app.register(jobEvents);
  await app.register(jobArtifacts);
  await app.register(jobVerification);
};
