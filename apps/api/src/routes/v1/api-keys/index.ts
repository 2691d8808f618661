import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { NewApiKey } from '@retort/contracts';
import { createApiKey, listApiKeys, readApiKey, revokeApiKey, rotateApiKey } from '@retort/jobs';
import { Type } from 'typebox';
import { isAnonymous } from '../../../access/gate.js';
import { invalid, notFound, Problem } from '../../../problem.js';
import { readBody } from '../../../read-body.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { asPosted, ref } from '../../../schemas/component.js';
import { ApiKey } from '../../../schemas/index.js';
import { ById, pageOf, pageQuery, pageRequest } from '../../../schemas/list.js';

const tags = ['access'];
const config = { scope: 'admin' } as const;
const params = ById('key', 'The API key.');

const Issued = Type.Object({
  key: ref(ApiKey),
  secret: Type.String({ description: 'What to send as `Authorization: Bearer …`. It is not shown again.' }),
});

const Rotation = Type.Object(
  {
    grace_seconds: Type.Integer({
      minimum: 0,
      maximum: 30 * 24 * 3600,
      default: 0,
      description: 'How long the old secret is taken besides, so that its users can change over.',
    }),
  },
  { additionalProperties: false },
);

export const apiKeys: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { db, clock } = app.services;

  app.post(
    '/',
    {
      config,
      schema: {
        operationId: 'createApiKey',
        tags,
        summary: 'Make an API key',
        description:
          'From the first one on, the service answers only who has a key. The first is made by `retort key create`, or by whoever has `RETORT_ADMIN_KEY`.',
        body: asPosted(NewApiKey),
        response: {
          201: answer('It is made.', Issued, { headers: { Location: Type.String() } }),
          ...refusals('malformed-request', 'unsupported-media-type', 'invalid-body'),
        },
      },
    },
    async (request, reply) => {
      if (isAnonymous(request.caller)) {
        throw new Problem(
          'forbidden',
          'Whoever makes the first API key closes the service to all others, so that it takes more than reaching it: use "retort key create" where its database is, or set RETORT_ADMIN_KEY.',
        );
      }
      const asked = readBody(NewApiKey, request.body);
      const now = clock.now();
      // Also where it is no time at all.
      if (asked.expires_at !== null && !(Date.parse(asked.expires_at) > now.getTime())) {
        const remedy = 'use a time to come such as 2030-01-31T00:00:00Z, or null';
        throw invalid('invalid-body', [{ pointer: '/expires_at', message: `is "${asked.expires_at}"`, remedy }]);
      }
      const issued = await createApiKey({ db, now }, asked);
      return reply.code(201).header('Location', `/v1/api-keys/${issued.key.id}`).send(issued);
    },
  );

  app.get(
    '/',
    {
      config,
      schema: {
        operationId: 'listApiKeys',
        tags,
        summary: 'List API keys, the newest first',
        querystring: Type.Object(pageQuery('key'), { additionalProperties: false }),
        response: { 200: answer('A page.', pageOf(ref(ApiKey))), ...refusals('invalid-parameter') },
      },
    },
    ({ query }) => listApiKeys({ db, now: clock.now() }, pageRequest(query)),
  );

  app.get(
    '/:id',
    {
      config,
      schema: {
        operationId: 'getApiKey',
        tags,
        summary: 'Get an API key, without its secret',
        params,
        response: { 200: answer('The key.', ref(ApiKey)), ...refusals('not-found') },
      },
    },
    async ({ params: { id } }) => {
      const key = await readApiKey({ db, now: clock.now() }, id);
      if (!key) throw notFound('API key', id);
      return key;
    },
  );

  app.post(
    '/:id/revoke',
    {
      config,
      schema: {
        operationId: 'revokeApiKey',
        tags,
        summary: 'Revoke an API key',
        description: 'It is refused from the next request on, for good. Its experiments go on.',
        params,
        response: { 200: answer('The key now.', ref(ApiKey)), ...refusals('not-found') },
      },
    },
    async ({ params: { id } }) => {
      const key = await revokeApiKey({ db, now: clock.now() }, id);
      if (!key) throw notFound('API key', id);
      return key;
    },
  );

  app.post(
    '/:id/rotate',
    {
      config,
      schema: {
        operationId: 'rotateApiKey',
        tags,
        summary: 'Give an API key a new secret',
        description: 'The key stays the same: its limits, its experiments and its idempotency keys.',
        params,
        body: asPosted(Rotation),
        response: {
          200: answer('The key with its new secret.', Issued),
          ...refusals('malformed-request', 'unsupported-media-type', 'invalid-body', 'not-found'),
        },
      },
    },
    async ({ params: { id }, body }) => {
      const { grace_seconds: graceSeconds } = readBody(Rotation, body);
      const issued = await rotateApiKey({ db, now: clock.now() }, id, { graceSeconds });
      if (!issued) throw new Problem('not-found', `There is no API key "${id}", or it is revoked.`);
      return issued;
    },
  );
  done();
};
