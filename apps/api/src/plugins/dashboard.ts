import staticFiles from '@fastify/static';
import fp from 'fastify-plugin';

/** Serves the dashboard's files at /, or leads to /docs where there are none. */
export const dashboard = fp<{ webRoot?: string }>(async (app, { webRoot }) => {
  if (webRoot === undefined) app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'));
  else await app.register(staticFiles, { root: webRoot, wildcard: false });
});
