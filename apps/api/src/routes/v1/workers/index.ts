import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { listWorkers } from '@retort/jobs';
import { Type } from 'typebox';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { Worker } from '../../../schemas/index.js';
import { pageOf, pageQuery, pageRequest } from '../../../schemas/list.js';

export const workers: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db } = app.services;
  app.get(
    '/',
    {
      schema: {
        operationId: 'listWorkers',
        tags: ['operation'],
        summary: 'List workers, the latest started first',
        querystring: Type.Object(pageQuery('wrk'), { additionalProperties: false }),
        response: { 200: answer('A page.', pageOf(ref(Worker))), ...refusals('invalid-parameter') },
      },
    },
    ({ query }) => listWorkers(db, pageRequest(query)),
  );
  done();
};
