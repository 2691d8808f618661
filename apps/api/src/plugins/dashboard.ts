import staticFiles from '@fastify/static';
import fp from 'fastify-plugin';

/** Where the dashboard's files are, as `@retort/web/paths` says. */
export interface DashboardFolders {
  /** Served at `/`. */
  readonly publicFolder: URL;
  /** Served at `/assets/`. */
  readonly scriptsFolder: URL;
}

/** Serves the dashboard, or leads from / to /docs where there is none. */
export const dashboard = fp<{ folders?: DashboardFolders }>(async (app, { folders }) => {
  if (!folders) {
    app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'));
    return;
  }
  // A route a file, so that everything else stays a 404 of the API.
  await app.register(staticFiles, { root: folders.publicFolder, wildcard: false });
  await app.register(staticFiles, {
    root: folders.scriptsFolder,
    prefix: '/assets/',
    wildcard: false,
    globIgnore: ['**/*.d.ts', '**/*.map'],
    decorateReply: false,
  });
});
