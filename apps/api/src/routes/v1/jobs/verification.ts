import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { readJob, readVerification, stateOf, submitVerification, type ArtifactState } from '@retort/jobs';
import { Type } from 'typebox';
import { jobReading } from '../../../job-reading.js';
import { notFound, Problem } from '../../../problem.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { Verification } from '../../../schemas/job.js';
import { ById } from '../../../schemas/list.js';

const tags = ['jobs'];

/** Computing a job again, to see whether it comes to the same. */
export const jobVerification: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db, artifacts, dispatcher, clock } = app.services;

  const find = async (jobId: string) => {
    const verification = await readVerification(jobReading(app.services), jobId);
    if (!verification) throw notFound('verification by job', jobId);
    return verification;
  };

  app.post(
    '/:id/verify',
    {
      schema: {
        operationId: 'verifyJob',
        tags,
        summary: 'Compute a job that has succeeded again, to compare',
        description:
          'Makes an experiment of one job, which is computed from the results of the same parents and takes over nothing. It waits for an engine like that of the first time where a worker has one. The bytes of the artifacts that the job has are read and checked first.',
        params: ById('job', 'The job to verify.'),
        response: {
          202: answer('It is computed again.', ref(Verification), {
            headers: { Location: Type.String({ description: 'Where the comparison is.' }) },
          }),
          ...refusals('not-found', 'not-verifiable'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const job = await readJob(jobReading(app.services), id);
      if (!job) throw notFound('job', id);
      const stored: Record<string, ArtifactState> = {};
      for (const { name, sha256 } of job.artifacts) stored[name] = await stateOf(artifacts, sha256);
      const asked = await submitVerification(
        { db, now: clock.now() },
        { jobId: id, stored, apiKeyId: request.caller.apiKeyId },
      );
      if (asked.outcome === 'absent') throw notFound('job', id);
      if (asked.outcome === 'not_verifiable') throw new Problem('not-verifiable', asked.detail);
      dispatcher.wake();
      const verification = await find(asked.jobId);
      return reply.code(202).header('Location', `/v1/jobs/${asked.jobId}/verification`).send(verification);
    },
  );

  app.get(
    '/:id/verification',
    {
      schema: {
        operationId: 'getVerification',
        tags,
        summary: 'Get how a job that was computed again compares with the first time',
        params: ById('job', 'The job that computes again.'),
        response: {
          200: answer('As far as it has come.', ref(Verification)),
          ...refusals('not-found'),
        },
      },
    },
    ({ params: { id } }) => find(id),
  );
  done();
};
