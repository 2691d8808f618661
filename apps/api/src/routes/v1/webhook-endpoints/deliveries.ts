import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { listDeliveries, readEndpoint, redeliver, sendTest } from '@retort/webhooks';
import { Type } from 'typebox';
import { notFound } from '../../../problem.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { WebhookDelivery } from '../../../schemas/index.js';
import { ById, Id, pageOf, pageRequest } from '../../../schemas/list.js';

const tags = ['webhooks'];
const config = { scope: 'admin' } as const;
const params = ById('whe', 'The endpoint.');
const MessageId = Type.String({ pattern: '^msg_[0-9a-f]{32}$', description: 'The `webhook-id`.' });

export const webhookDeliveries: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db, clock, webhooks } = app.services;
  const clocked = () => ({ db, now: clock.now() });

  app.post(
    '/:id/test',
    {
      config,
      schema: {
        operationId: 'testWebhookEndpoint',
        tags,
        summary: 'Send a message that says nothing',
        description: 'Of the type `webhook_endpoint.test`, whatever the endpoint asks for.',
        params,
        response: { 202: answer('It is on its way.', ref(WebhookDelivery)), ...refusals('not-found') },
      },
    },
    async ({ params: { id } }, reply) => {
      const delivery = await sendTest(clocked(), id);
      if (!delivery) throw notFound('webhook endpoint', id);
      webhooks.wake();
      return reply.code(202).send(delivery);
    },
  );

  app.get(
    '/:id/deliveries',
    {
      config,
      schema: {
        operationId: 'listWebhookDeliveries',
        tags,
        summary: 'List the messages to a webhook endpoint, the newest first',
        params,
        querystring: Type.Object(
          {
            status: Type.Optional(Type.Enum(['pending', 'delivered', 'failed'])),
            limit: Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Items on the page.' }),
            after: Type.Optional(MessageId),
          },
          { additionalProperties: false },
        ),
        response: {
          200: answer('A page.', pageOf(ref(WebhookDelivery))),
          ...refusals('not-found', 'invalid-parameter'),
        },
      },
    },
    async ({ params: { id }, query }) => {
      if (!(await readEndpoint(clocked(), id))) throw notFound('webhook endpoint', id);
      return listDeliveries(clocked(), id, { ...pageRequest(query), ...(query.status && { status: query.status }) });
    },
  );

  app.post(
    '/:id/deliveries/:message/redeliver',
    {
      config,
      schema: {
        operationId: 'redeliverWebhook',
        tags,
        summary: 'Send a message again',
        description: 'Under its old `webhook-id`, whether it had arrived or not, and with all of its tries.',
        params: Type.Object({ id: Id('whe', 'The endpoint.'), message: MessageId }, { additionalProperties: false }),
        response: { 202: answer('It is on its way.', ref(WebhookDelivery)), ...refusals('not-found') },
      },
    },
    async ({ params: { id, message } }, reply) => {
      const delivery = await redeliver(clocked(), id, message);
      if (!delivery) throw notFound('message', message);
      webhooks.wake();
      return reply.code(202).send(delivery);
    },
  );
  done();
};
