import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { countHere, type RequestCounts } from './access/request-counts.js';
import type { AccessPolicy } from './plugins/access.js';
import { dashboard, type DashboardFolders } from './plugins/dashboard.js';
import { eventStream } from './plugins/event-stream.js';
import { jsonBody } from './plugins/json-body.js';
import { methodNotAllowed } from './plugins/method-not-allowed.js';
import { metrics } from './plugins/metrics.js';
import { openapi } from './plugins/openapi.js';
import { problems, refuseUnroutable } from './plugins/problems.js';
import { security } from './plugins/security.js';
import { validation } from './plugins/validation.js';
import { health } from './routes/health.js';
import { v1 } from './routes/v1/index.js';
import type { Services } from './services.js';
import { refuseUnreadable } from './unreadable-request.js';

export interface AppOptions extends Services {
  /** Where the dashboard's files are; without it / leads to /docs. */
  readonly dashboard?: DashboardFolders;
  /** Whom the API answers; where absent everyone, until there is an API key. */
  readonly access?: AccessPolicy;
  /** Requests that one address may make in a minute. */
  readonly requestsPerMinute?: number;
  /** Where requests are counted; where absent in this process. */
  readonly requestCounts?: Pick<RequestCounts, 'count'>;
  /** Bytes of the largest file that can be uploaded. */
  readonly maxUploadBytes?: number;
  /** Milliseconds between two looks of an event stream at the database. */
  readonly pollMs?: number;
  /** Milliseconds between two comments that keep a quiet event stream open. */
  readonly heartbeatMs?: number;
}

/** Milliseconds in which nothing may come or go on a connection before it is closed; event streams send a heartbeat. */
const SILENCE_MS = 600_000;
/** Milliseconds in which a request must have come whole: enough for a large upload over a slow line. */
const REQUEST_MS = 3_600_000;

/** Makes the HTTP face of Retort; `inject` asks it, `listen` opens it. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { dashboard: folders, requestsPerMinute = 6000, pollMs = 200, heartbeatMs = 15_000, ...others } = options;
  const { maxUploadBytes = 1024 ** 3, access = {}, requestCounts = countHere(), ...services } = others;
  const log: FastifyBaseLogger = services.log;
  const app = Fastify({
    loggerInstance: log,
    bodyLimit: 4 * 1024 * 1024,
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: refuseUnroutable,
    clientErrorHandler: refuseUnreadable,
    connectionTimeout: SILENCE_MS,
    requestTimeout: REQUEST_MS,
  });
  app.decorate('services', services);
  await app.register(problems);
  await app.register(jsonBody);
  await app.register(validation);
  await app.register(security, { requestsPerMinute, requestCounts });
  await app.register(methodNotAllowed);
  await app.register(openapi, { version: services.version });
  await app.register(eventStream, { heartbeatMs, pollMs });
  await app.register(metrics);
  await app.register(health);
  await app.register(v1, { prefix: '/v1', access: { ...access, requestCounts }, maxUploadBytes });
  await app.register(dashboard, { folders });
  app.refuseOtherMethods();
  return app;
}
