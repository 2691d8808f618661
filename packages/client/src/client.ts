import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './openapi.js';

/** A client that knows the places of the API, what each takes and what it answers. */
export type RetortClient = Client<paths> & { readonly baseUrl: string; readonly fetch: typeof fetch };

/**
 * Makes a client: `(await client.GET('/v1/jobs/{id}', { params: { path: { id } } })).data`.
 *
 * @param baseUrl the address of the API, such as `http://127.0.0.1:8080`
 * @param options.fetch what sends the requests; the platform's own where absent
 */
export function createRetortClient(
  baseUrl: string,
  { fetch = globalThis.fetch }: { fetch?: typeof globalThis.fetch } = {},
): RetortClient {
  const root = baseUrl.replace(/\/+$/, '');
  return Object.assign(createClient<paths>({ baseUrl: root, fetch: (request) => fetch(request) }), {
    baseUrl: root,
    fetch,
  });
}
