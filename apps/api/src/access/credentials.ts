import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';

/** The cookie in which a browser keeps the secret of an API key, since an EventSource can send no header. */
export const SESSION_COOKIE = 'retort_key';

export interface Credentials {
  readonly secret: string;
  readonly from: 'header' | 'cookie';
}

/**
 * The secret that a request carries: in its `Authorization`, or else in the cookie of a session; undefined where in neither.
 *
 * @throws Problem where the header has another form, or where the cookie came with a request that another site made
 */
export function readCredentials(request: FastifyRequest): Credentials | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, secret] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (secret !== undefined) return { secret, from: 'header' };
    throw new Problem('unauthorized', 'The header Authorization has another form; send "Authorization: Bearer rtk_…".');
  }
  const secret = request.cookies[SESSION_COOKIE];
  if (secret === undefined) return undefined;
  if (!isReading(request) && !isOfOwnPage(request)) {
    throw new Problem(
      'forbidden',
      'Another page made this request with the session of the dashboard; send an API key as "Authorization: Bearer rtk_…".',
    );
  }
  return { secret, from: 'cookie' };
}

/** Whether a request changes nothing. */
export function isReading({ method }: Pick<FastifyRequest, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * Whether a page of this very service made the request.
 *
 * `SameSite` keeps the cookie from other sites, but another port of one host is the same site. Browsers tell the origin
 * by `Sec-Fetch-Site`, and where the connection is not secure by `Origin` only.
 */
function isOfOwnPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
