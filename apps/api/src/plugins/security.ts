import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fp from 'fastify-plugin';
import { storeOf, type RequestCounts } from '../access/request-counts.js';

export interface SecurityOptions {
  /** Requests that one address may make in a minute. */
  readonly requestsPerMinute: number;
  readonly requestCounts: Pick<RequestCounts, 'count'>;
}

/** Headers that keep a page of the API from running what is not its own, and a bound on the requests of one address. */
export const security = fp<SecurityOptions>(async (app, { requestsPerMinute, requestCounts }) => {
  await app.register(helmet, {
    // Whoever terminates TLS in front of the API decides on HSTS.
    hsts: false,
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        // The pages of /docs and of the report carry their styles with them.
        styleSrc: ["'self'", "'unsafe-inline'"],
        upgradeInsecureRequests: null,
      },
    },
  });
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    store: storeOf(requestCounts),
  });
});
