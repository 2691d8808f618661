import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './openapi.js';

/** A client that knows the places of the API, what each takes and what it answers. */
export type RetortClient = Client<paths> & { readonly baseUrl: string; readonly fetch: typeof fetch };

/**
 * Makes a client: `(await client.GET('/v1/jobs/{id}', { params: { path: { id } } })).data`.
 *
 * @param baseUrl the address of the API, such as `http://127.0.0.1:8080`
 * @param options.apiKey the secret of an API key, `rtk_…`, for a service that wants one
 * @param options.fetch what sends the requests; the platform's own where absent
 */
export function createRetortClient(
  baseUrl: string,
  { apiKey, fetch = globalThis.fetch }: { apiKey?: string; fetch?: typeof globalThis.fetch } = {},
): RetortClient {
  const root = baseUrl.replace(/\/+$/, '');
  const ask = apiKey === undefined ? fetch : withKey(fetch, apiKey);
  return Object.assign(createClient<paths>({ baseUrl: root, fetch: (request) => ask(request) }), {
    baseUrl: root,
    fetch: ask,
  });
}

function withKey(fetch: typeof globalThis.fetch, apiKey: string): typeof globalThis.fetch {
  return (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init);
    request.headers.set('Authorization', `Bearer ${apiKey}`);
    return fetch(request);
  };
}
