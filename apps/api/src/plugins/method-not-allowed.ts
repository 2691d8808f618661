import fp from 'fastify-plugin';
import { Problem } from '../problem.js';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Answers 405 with `Allow` where a place exists but not for this method; register it before the routes, finish it after them. */
export const methodNotAllowed = fp((app, _options, done) => {
  const known = new Map<string, Set<string>>();
  let finished = false;
  app.addHook('onRoute', ({ url, method }) => {
    if (finished) return;
    const seen = known.get(url) ?? new Set();
    for (const name of [method].flat()) seen.add(name);
    known.set(url, seen);
  });
  app.decorate('refuseOtherMethods', () => {
    finished = true;
    for (const [url, allowed] of known) {
      const others = methods.filter((method) => !allowed.has(method) && !(method === 'HEAD' && allowed.has('GET')));
      if (others.length === 0 || url.includes('*')) continue;
      const allow = [...allowed].join(', ');
      app.route({
        method: others,
        url,
        exposeHeadRoute: false,
        schema: { hide: true },
        handler: (request, reply) => {
          reply.header('Allow', allow);
          throw new Problem('method-not-allowed', `${request.method} does nothing here; use ${allow}.`);
        },
      });
    }
  });
  done();
});

declare module 'fastify' {
  interface FastifyInstance {
    /** Adds the 405 answers of the routes that have been registered. */
    refuseOtherMethods(): void;
  }
}
