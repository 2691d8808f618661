import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';
import type { TSchema } from 'typebox';
import { SESSION_COOKIE } from '../access/credentials.js';
import { asPosted } from '../schemas/component.js';
import { components } from '../schemas/index.js';

const description = `Retort answers whether an image classifier's defence is real or only hides its gradient.

Post an experiment, watch or poll it, read its results. An accepted experiment is never lost: the answer comes after
Postgres has it, and Redis may be away meanwhile.

**Errors** are \`application/problem+json\`; \`problems\` names each place by JSON pointer, what is wrong there and what
would be right. **Keys**: as soon as there is an API key, every request names one, as \`Authorization: Bearer rtk_…\`; until then the service is open
to whoever reaches it. All keys see everything; scopes bound what each may do. **Lists** take \`limit\` and \`after\` and answer \`{data, has_more, next}\`; send \`next\` as \`after\`.
**Numbers** that JSON lacks are the strings \`NaN\`, \`Infinity\` and \`-Infinity\`.`;

/** The OpenAPI document at /openapi.json, made from the routes' schemas, and its page at /docs. */
export const openapi = fp<{ version: string }>(async (app, { version }) => {
  for (const component of components) app.addSchema(component);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: { title: 'Retort', version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'The secret of an API key, `rtk_…`.' },
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'Set by `POST /v1/session`.' },
        },
      },
      tags: [
        { name: 'experiments', description: 'Configs as posted: nets, attacks on them, and what is measured.' },
        { name: 'jobs', description: 'The nets to make, the measurements and the attacks of an experiment.' },
        { name: 'models', description: 'Nets that jobs have made.' },
        { name: 'datasets', description: 'What nets can be trained on.' },
        { name: 'uploads', description: 'Files of your own that a spec can name: data, nets, adversarial images.' },
        { name: 'access', description: 'API keys, and the session of the dashboard.' },
        { name: 'webhooks', description: 'Addresses that are told of events, and the messages to them.' },
        { name: 'operation', description: 'Workers, the queue, and the health of this process.' },
      ],
    },
    // A parameter with a default need not be sent.
    transform: ({ schema, url }) => {
      const { querystring } = schema as { querystring?: TSchema };
      return { url, schema: { ...schema, ...(querystring && { querystring: asPosted(querystring) }) } };
    },
    refResolver: { buildLocalReference: (schema, _base, _fragment, index) => (schema.$id as string) ?? `def-${index}` },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { docExpansion: 'list', deepLinking: true } });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
});
