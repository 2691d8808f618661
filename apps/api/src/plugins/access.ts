import cookie from '@fastify/cookie';
import type { Scope } from '@retort/contracts';
import type { Caller } from '@retort/jobs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { isReading, readCredentials } from '../access/credentials.js';
import { openGate, type AccessPolicy, type Gate } from '../access/gate.js';
import type { RequestCounts } from '../access/request-counts.js';
import { Problem } from '../problem.js';
import { refusals } from '../schemas/answer.js';

export type { AccessPolicy } from '../access/gate.js';

export interface AccessOptions extends AccessPolicy {
  readonly requestCounts: Pick<RequestCounts, 'count'>;
}

/**
 * Tells of every request of this scope's routes who makes it, and refuses those who may not.
 *
 * A route needs `read` where it changes nothing and else `submit`, unless its `config.scope` says otherwise: another
 * scope, `any` key, or `none`.
 */
export const access = fp<AccessOptions>(async (app, { requestCounts, ...policy }) => {
  const gate = openGate(app.services, policy);
  await app.register(cookie);
  app.decorate('gate', gate);
  app.decorateRequest('caller');

  app.addHook('onRoute', (route) => {
    const { scope } = route.config ?? {};
    if (scope === 'none') return;
    route.schema ??= {};
    route.schema.security = [{ apiKey: [] }, { session: [] }];
    const also = refusals('unauthorized', 'forbidden');
    route.schema.response = { ...also, ...(route.schema.response as typeof also | undefined) };
  });

  // After the limit for an address, which comes with `onRequest`, and before the body is read.
  app.addHook('preParsing', async (request, reply) => {
    const { scope = isReading(request) ? 'read' : 'submit' } = request.routeOptions.config;
    if (scope === 'none') return;
    request.caller = await gate.admit(readCredentials(request)).catch((error: unknown) => {
      if (error instanceof Problem && error.statusCode === 401) reply.header('WWW-Authenticate', 'Bearer');
      throw error;
    });
    await keepToLimit(request, reply);
    if (scope !== 'any') demand(request.caller, scope);
  });

  app.addHook('onListen', async () => {
    if (!(await gate.isOpen())) return;
    const addresses = app.addresses().map((place) => (typeof place === 'string' ? place : place.address));
    const isLocal = addresses.every((address) => ['127.0.0.1', '::1'].includes(address));
    app.log[isLocal ? 'info' : 'warn'](
      'there is no API key: whoever reaches this address is answered; docs/operations/access.md says how to close it',
    );
  });

  async function keepToLimit({ caller }: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { apiKeyId, name, requestsPerMinute } = caller;
    if (apiKeyId === null || requestsPerMinute === null) return;
    const { requests, endsInMs } = await requestCounts.count(apiKeyId);
    if (requests <= requestsPerMinute) return;
    const seconds = Math.ceil(endsInMs / 1000);
    reply.header('Retry-After', seconds);
    throw new Problem(
      'too-many-requests',
      `The API key "${name}" may make ${requestsPerMinute} requests in a minute; ask again in ${seconds} s.`,
    );
  }
});

/** @throws Problem `forbidden` where a caller has neither the scope nor `admin` */
function demand({ name, scopes }: Caller, scope: Scope): void {
  if (scopes.includes(scope) || scopes.includes('admin')) return;
  const has = scopes.map((each) => `"${each}"`).join(' and ');
  throw new Problem(
    'forbidden',
    `The API key "${name}" has the scope ${has}, and this needs "${scope}"; use a key that has it, or have one made.`,
  );
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly gate: Gate;
  }
  interface FastifyRequest {
    /** Who makes the request; set for the routes of /v1 that are not for everyone. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** What a caller needs; see the plugin `access`. */
    scope?: Scope | 'any' | 'none';
  }
}
