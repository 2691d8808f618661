import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ApiKeyChange, expiryProblems, NewApiKey } from '@retort/contracts';
import { changeApiKey, createApiKey, listApiKeys, readApiKey, revokeApiKey, rotateApiKey } from '@retort/jobs';
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
  const { db, clock, dispatcher } = app.services;

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
      const problems = expiryProblems(asked, now);
      if (problems.length > 0) throw invalid('invalid-body', problems);
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

  app.patch(
    '/:id',
    {
      config,
      schema: {
        operationId: 'changeApiKey',
        tags,
        summary: 'Change what an API key may do',
        description:
          'What is left out stays as it is. It holds from the next request on; tasks that run already go on, also where they are more than `max_running` now.',
        params,
        body: ApiKeyChange,
        response: {
          200: answer('The key now.', ref(ApiKey)),
          ...refusals('malformed-request', 'unsupported-media-type', 'invalid-body', 'not-found'),
        },
      },
    },
    async ({ params: { id }, body }) => {
      const change = readBody(ApiKeyChange, body);
      const now = clock.now();
      const problems = expiryProblems(change, now);
      if (problems.length > 0) throw invalid('invalid-body', problems);
      const key = await changeApiKey({ db, now }, id, change);
      if (!key) throw absentOrRevoked(id);
      // More of its tasks may be allowed to run now.
      dispatcher.wake();
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
      if (!issued) throw absentOrRevoked(id);
      return issued;
    },
  );
  done();
};

function absentOrRevoked(id: string): Problem {
  return new Problem('not-found', `There is no API key "${id}", or it is revoked.`);
}
