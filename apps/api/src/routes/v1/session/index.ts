import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Scope } from '@retort/contracts';
import type { Caller } from '@retort/jobs';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { SESSION_COOKIE } from '../../../access/credentials.js';
import { refusalOf } from '../../../access/gate.js';
import { readBody } from '../../../read-body.js';
import { answer, refusals } from '../../../schemas/answer.js';

const tags = ['access'];

const Session = Type.Object({
  open: Type.Boolean({ description: 'Whether requests without an API key are answered, too.' }),
  api_key_id: Type.Union([Type.String(), Type.Null()]),
  name: Type.String({ description: 'What the API key is called; `anonymous` where none was sent.' }),
  scopes: Type.Array(Scope),
});

const SignIn = Type.Object(
  { key: Type.String({ minLength: 1, maxLength: 200, description: 'The secret of an API key, `rtk_…`.' }) },
  { additionalProperties: false },
);

export const session: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { gate } = app;
  const view = async ({ apiKeyId, name, scopes }: Caller) => ({
    open: await gate.isOpen(),
    api_key_id: apiKeyId,
    name,
    scopes: [...scopes],
  });
  const cookie = (request: FastifyRequest) => ({
    path: '/v1',
    httpOnly: true,
    sameSite: 'strict' as const,
    secure: request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https',
  });

  app.post(
    '/',
    {
      config: { scope: 'none' },
      schema: {
        operationId: 'signIn',
        tags,
        summary: 'Begin a session of the dashboard',
        description: `Keeps an API key in the cookie \`${SESSION_COOKIE}\`, which no script can read, until the browser ends or the session does.`,
        body: SignIn,
        response: {
          200: answer('Whose session it is.', Session, { headers: { 'Set-Cookie': Type.String() } }),
          ...refusals('malformed-request', 'unsupported-media-type', 'invalid-body', 'unauthorized'),
        },
      },
    },
    async (request, reply) => {
      const { key } = readBody(SignIn, request.body);
      const authentication = await gate.identify(key);
      if (authentication.outcome !== 'accepted') throw refusalOf(authentication);
      return reply.setCookie(SESSION_COOKIE, key, cookie(request)).send(await view(authentication.caller));
    },
  );

  app.get(
    '/',
    {
      config: { scope: 'any' },
      schema: {
        operationId: 'getSession',
        tags,
        summary: 'Who asks, and what they may do',
        response: { 200: answer('Of this very request.', Session), ...refusals() },
      },
    },
    ({ caller }) => view(caller),
  );

  app.delete(
    '/',
    {
      config: { scope: 'none' },
      schema: {
        operationId: 'signOut',
        tags,
        summary: 'End a session of the dashboard',
        response: { 204: { type: 'null', description: 'The cookie is gone.' }, ...refusals() },
      },
    },
    async (request, reply) => {
      await reply.clearCookie(SESSION_COOKIE, cookie(request)).code(204).send(null);
    },
  );
  done();
};
