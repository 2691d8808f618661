import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NewWebhookEndpoint, WebhookEndpointChange } from '@retort/contracts';
import {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  readEndpoint,
  rotateSecret,
} from '@retort/webhooks';
import { Type } from 'typebox';
import { invalid, notFound } from '../../../problem.js';
import { readBody } from '../../../read-body.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { asPosted, ref } from '../../../schemas/component.js';
import { WebhookEndpoint } from '../../../schemas/index.js';
import { ById, pageOf, pageQuery, pageRequest } from '../../../schemas/list.js';
import { webhookDeliveries } from './deliveries.js';

const tags = ['webhooks'];
const config = { scope: 'admin' } as const;
const params = ById('whe', 'The endpoint.');

const Issued = Type.Object({
  endpoint: ref(WebhookEndpoint),
  secret: Type.String({ description: 'What its messages are signed with, `whsec_…`. It is not shown again.' }),
});

const Rotation = Type.Object(
  {
    grace_seconds: Type.Integer({
      minimum: 0,
      maximum: 30 * 24 * 3600,
      default: 24 * 3600,
      description: 'How long messages are signed with the old secret, too.',
    }),
  },
  { additionalProperties: false },
);

export const webhookEndpoints: FastifyPluginAsyncTypebox = async (app) => {
  const { db, clock, webhooks } = app.services;
  const clocked = () => ({ db, now: clock.now() });

  app.post(
    '/',
    {
      config,
      schema: {
        operationId: 'createWebhookEndpoint',
        tags,
        summary: 'Make a webhook endpoint',
        description:
          'Events are posted to it from now on, signed after https://www.standardwebhooks.com, each until it answers 2xx or its tries are spent.',
        body: asPosted(NewWebhookEndpoint),
        response: {
          201: answer('It is made.', Issued, { headers: { Location: Type.String() } }),
          ...refusals('malformed-request', 'unsupported-media-type', 'invalid-body'),
        },
      },
    },
    async (request, reply) => {
      const creation = await createEndpoint(clocked(), readBody(NewWebhookEndpoint, request.body), webhooks.addresses);
      if (creation.outcome === 'invalid') throw invalid('invalid-body', creation.problems);
      const { issued } = creation;
      return reply.code(201).header('Location', `/v1/webhook-endpoints/${issued.endpoint.id}`).send(issued);
    },
  );

  app.get(
    '/',
    {
      config,
      schema: {
        operationId: 'listWebhookEndpoints',
        tags,
        summary: 'List webhook endpoints, the newest first',
        querystring: Type.Object(pageQuery('whe'), { additionalProperties: false }),
        response: { 200: answer('A page.', pageOf(ref(WebhookEndpoint))), ...refusals('invalid-parameter') },
      },
    },
    ({ query }) => listEndpoints(clocked(), pageRequest(query)),
  );

  app.get(
    '/:id',
    {
      config,
      schema: {
        operationId: 'getWebhookEndpoint',
        tags,
        summary: 'Get a webhook endpoint, without its secret',
        params,
        response: { 200: answer('The endpoint.', ref(WebhookEndpoint)), ...refusals('not-found') },
      },
    },
    async ({ params: { id } }) => {
      const endpoint = await readEndpoint(clocked(), id);
      if (!endpoint) throw notFound('webhook endpoint', id);
      return endpoint;
    },
  );

  app.patch(
    '/:id',
    {
      config,
      schema: {
        operationId: 'changeWebhookEndpoint',
        tags,
        summary: 'Change a webhook endpoint, or enable it again',
        params,
        body: WebhookEndpointChange,
        response: {
          200: answer('The endpoint now.', ref(WebhookEndpoint)),
          ...refusals('malformed-request', 'unsupported-media-type', 'invalid-body', 'not-found'),
        },
      },
    },
    async ({ params: { id }, body }) => {
      const change = readBody(WebhookEndpointChange, body);
      const { endpoint, problems } = await changeEndpoint(clocked(), id, change, webhooks.addresses);
      if (problems.length > 0) throw invalid('invalid-body', problems);
      if (!endpoint) throw notFound('webhook endpoint', id);
      webhooks.wake();
      return endpoint;
    },
  );

  app.delete(
    '/:id',
    {
      config,
      schema: {
        operationId: 'deleteWebhookEndpoint',
        tags,
        summary: 'Delete a webhook endpoint with its messages',
        params,
        response: { 204: { type: 'null', description: 'It is gone.' }, ...refusals('not-found') },
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await deleteEndpoint(clocked(), id))) throw notFound('webhook endpoint', id);
      await reply.code(204).send(null);
    },
  );

  app.post(
    '/:id/rotate-secret',
    {
      config,
      schema: {
        operationId: 'rotateWebhookSecret',
        tags,
        summary: 'Give a webhook endpoint a new secret',
        description: 'While the old one lasts, messages carry a signature of each.',
        params,
        body: asPosted(Rotation),
        response: {
          200: answer('The endpoint with its new secret.', Issued),
          ...refusals('malformed-request', 'unsupported-media-type', 'invalid-body', 'not-found'),
        },
      },
    },
    async ({ params: { id }, body }) => {
      const { grace_seconds: graceSeconds } = readBody(Rotation, body);
      const issued = await rotateSecret(clocked(), id, { graceSeconds });
      if (!issued) throw notFound('webhook endpoint', id);
      return issued;
    },
  );

  await app.register(webhookDeliveries);
};
