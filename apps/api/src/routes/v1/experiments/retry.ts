import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { isKept, retryExperiment } from '@retort/jobs';
import { notFound, Problem } from '../../../problem.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { Experiment } from '../../../schemas/experiment.js';
import { ById } from '../../../schemas/list.js';
import { acceptedHeaders, idempotencyHeaders, sendAccepted } from './accepted.js';

/** Computing again what an experiment left without success. */
export const experimentRetry: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { artifacts, db, clock } = app.services;
  app.post(
    '/:id/retry',
    {
      schema: {
        operationId: 'retryExperiment',
        tags: ['experiments'],
        summary: 'Compute again what did not succeed in an experiment that has finished',
        description:
          'Makes a new experiment of the same jobs, with fresh tries: what has succeeded is taken over, also where the spec reuses nothing, and what failed or was cancelled is computed. The old one stays as it ended; `retry_of` names it. With an `Idempotency-Key` a repeated request is answered with the experiment that the first one made.',
        params: ById('exp', 'The experiment.'),
        headers: idempotencyHeaders,
        response: {
          202: answer('The new experiment is accepted.', ref(Experiment), { headers: acceptedHeaders }),
          ...refusals(
            'not-found',
            'experiment-running',
            'not-retryable',
            'invalid-parameter',
            'idempotency-key-reused',
          ),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const retry = await retryExperiment(
        { db, now: clock.now() },
        {
          experimentId: id,
          apiKeyId: request.caller.apiKeyId,
          idempotencyKey: request.headers['idempotency-key'],
          isKept: (sha256) => isKept(artifacts, sha256),
        },
      );
      switch (retry.outcome) {
        case 'absent':
          throw notFound('experiment', id);
        case 'running':
          throw new Problem(
            'experiment-running',
            `${id} has jobs that have not ended: retry it once it has finished, or cancel it first with POST /v1/experiments/${id}/cancel.`,
          );
        case 'not_retryable':
          throw new Problem('not-retryable', retry.detail);
        case 'accepted':
        case 'key_reused':
          return sendAccepted(app.services, reply, retry);
      }
    },
  );
  done();
};
