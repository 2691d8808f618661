import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { listModels, readModel } from '@retort/jobs';
import { Type } from 'typebox';
import { notFound } from '../../../problem.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { Model } from '../../../schemas/index.js';
import { ById, pageOf, pageQuery, pageRequest } from '../../../schemas/list.js';

const tags = ['models'];

export const models: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db } = app.services;

  app.get(
    '/',
    {
      schema: {
        operationId: 'listModels',
        tags,
        summary: 'List nets, the newest first',
        querystring: Type.Object(pageQuery('mod'), { additionalProperties: false }),
        response: { 200: answer('A page.', pageOf(ref(Model))), ...refusals('invalid-parameter') },
      },
    },
    ({ query }) => listModels(db, pageRequest(query)),
  );

  app.get(
    '/:id',
    {
      schema: {
        operationId: 'getModel',
        tags,
        summary: 'Get a net',
        description: 'Its weights are the artifact `weights` of its job.',
        params: ById('mod', 'The net.'),
        response: { 200: answer('The net.', ref(Model)), ...refusals('not-found') },
      },
    },
    async ({ params: { id } }) => {
      const model = await readModel(db, id);
      if (!model) throw notFound('model', id);
      return model;
    },
  );
  done();
};
