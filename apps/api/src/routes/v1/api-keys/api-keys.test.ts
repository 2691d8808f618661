import { createRetortClient, watchExperiment } from '@retort/client';
import { createApiKey } from '@retort/jobs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../testing/open-test-app.js';
import { specWith } from '../../../testing/specs.js';

const operatorSecret = 'a-secret-of-the-operator-long-enough';
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

interface Issued {
  key: { id: string; status: string; scopes: string[] };
  secret: string;
}

describe('a service without keys', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await openTestApp();
  });
  afterAll(() => api?.close());

  it('answers everyone, but lets nobody close it from outside', async () => {
    expect((await api.ask('GET', '/v1/experiments')).statusCode).toBe(200);
    expect((await api.ask('GET', '/v1/session')).json()).toMatchObject({ open: true, name: 'anonymous' });
    const refused = await api.ask('POST', '/v1/api-keys', { payload: { name: 'mine' } });
    expect([refused.statusCode, refused.body]).toEqual([403, expect.stringContaining('retort key create')]);
  });

  it('takes no key that it does not know, except from a browser that still has one', async () => {
    const refused = await api.ask('GET', '/v1/experiments', { headers: bearer('rtk_unknown') });
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    const browser = await api.ask('GET', '/v1/experiments', { cookies: { retort_key: 'rtk_unknown' } });
    expect(browser.statusCode).toBe(200);
  });

  it('closes when its first key is made, also by another process', async () => {
    const asked = {
      name: 'a',
      scopes: ['read' as const],
      max_running: null,
      requests_per_minute: null,
      expires_at: null,
    };
    const { secret } = await createApiKey({ db: api.db, now: new Date() }, asked);
    await expect.poll(async () => (await api.ask('GET', '/v1/experiments')).statusCode).toBe(401);
    expect((await api.ask('GET', '/v1/experiments', { headers: bearer(secret) })).statusCode).toBe(200);
  });
});

describe('a service with keys', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await openTestApp({ access: { operatorSecret } });
  });
  afterAll(() => api?.close());

  const make = async (asked: Record<string, unknown> = {}): Promise<Issued> => {
    const response = await api.ask('POST', '/v1/api-keys', {
      headers: bearer(operatorSecret),
      payload: { name: 'tested', ...asked },
    });
    expect(response.statusCode, response.body).toBe(201);
    return response.json<Issued>();
  };
  const status = async (
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    options: Parameters<TestApp['ask']>[2] = {},
  ): Promise<number> => (await api.ask(method, url, options)).statusCode;

  it('refuses every route of /v1 to who has no key, and tells what to send; health and the docs stay open', async () => {
    const { paths } = api.app.swagger() as { paths: Record<string, Record<string, { security?: unknown[] }>> };
    let closed = 0;
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(operations)) {
        if (!security) continue;
        closed++;
        const url = path.replaceAll(/\{\w+\}/g, 'x');
        const response = await api.app.inject({ method: method as 'GET', url });
        expect(response.statusCode, `${method} ${path}`).toBe(401);
        expect(response.json()).toMatchObject({ detail: expect.stringContaining('Bearer rtk_') as string });
      }
    }
    expect(closed).toBeGreaterThan(25);
    for (const url of ['/healthz', '/docs', '/openapi.json']) expect(await status('GET', url)).toBe(200);
    // 503 on a machine on which Postgres takes long to answer.
    expect([200, 503]).toContain(await status('GET', '/readyz'));
  });

  it('shows the secret of a key once', async () => {
    const { key, secret } = await make({ scopes: ['read'] });
    const headers = bearer(operatorSecret);
    const found = await api.ask('GET', `/v1/api-keys/${key.id}`, { headers });
    expect(found.json()).toEqual(key);
    const listed = await api.ask('GET', '/v1/api-keys', { headers });
    expect(listed.json()).toMatchObject({ data: [key], has_more: false });
    expect(found.body + listed.body).not.toContain(secret);
    expect(await status('GET', '/v1/api-keys/key_01ARZ3NDEKTSV4RRFFQ69G5FAV', { headers })).toBe(404);
  });

  it('bounds what a key may do by its scopes', async () => {
    const [read, submit, admin] = [
      await make({ scopes: ['read'] }),
      await make({ scopes: ['submit'] }),
      await make({ scopes: ['admin'] }),
    ].map(({ secret }) => bearer(secret));
    const payload = specWith();
    expect(await status('GET', '/v1/jobs', { headers: read! })).toBe(200);
    expect(await status('POST', '/v1/experiments', { headers: read!, payload })).toBe(403);
    expect(await status('GET', '/v1/jobs', { headers: submit! })).toBe(403);
    expect(await status('POST', '/v1/experiments', { headers: submit!, payload })).toBe(202);
    expect(await status('GET', '/v1/api-keys', { headers: submit! })).toBe(403);
    expect(await status('POST', '/v1/experiments', { headers: admin!, payload })).toBe(202);
    expect(await status('GET', '/v1/jobs', { headers: admin! })).toBe(200);
    const made = await api.ask('POST', '/v1/api-keys', { headers: admin!, payload: { name: 'by admin' } });
    expect(made.json<Issued>().key.scopes).toEqual(['read', 'submit']);
    const refused = await api.ask('POST', '/v1/experiments', { headers: read!, payload });
    expect(refused.json<{ detail: string }>().detail).toMatch(/"tested" has the scope "read", and this needs "submit"/);
  });

  it('says of each experiment whose it is, and keeps the idempotency keys of keys apart', async () => {
    const keys = [await make(), await make()];
    const ids = new Set<string>();
    for (const { key, secret } of keys) {
      const headers = { ...bearer(secret), 'idempotency-key': 'same' };
      const first = await api.ask('POST', '/v1/experiments', { headers, payload: specWith() });
      const again = await api.ask('POST', '/v1/experiments', { headers, payload: specWith() });
      expect(first.json()).toMatchObject({ api_key_id: key.id });
      expect(again.headers['idempotency-replayed']).toBe('true');
      ids.add(first.json<{ id: string }>().id).add(again.json<{ id: string }>().id);
    }
    expect(ids.size).toBe(2);
  });

  it('refuses a key from its revocation on, and the old secret from the end of its grace on', async () => {
    const headers = bearer(operatorSecret);
    const { key, secret } = await make();
    const rotate = `/v1/api-keys/${key.id}/rotate`;
    const gentle = await api.ask('POST', rotate, { headers, payload: { grace_seconds: 3600 } });
    const second = gentle.json<Issued>();
    expect(second.key.id).toBe(key.id);
    const statuses = () =>
      Promise.all([secret, second.secret].map((each) => status('GET', '/v1/jobs', { headers: bearer(each) })));
    expect(await statuses()).toEqual([200, 200]);
    const third = (await api.ask('POST', rotate, { headers })).json<Issued>();
    expect(await statuses()).toEqual([401, 401]);
    expect(await status('GET', '/v1/jobs', { headers: bearer(third.secret) })).toBe(200);
    const revoked = await api.ask('POST', `/v1/api-keys/${key.id}/revoke`, { headers });
    expect(revoked.json<{ status: string }>().status).toBe('revoked');
    const refused = await api.ask('GET', '/v1/jobs', { headers: bearer(third.secret) });
    expect([refused.statusCode, refused.body]).toEqual([401, expect.stringContaining('was revoked')]);
    expect(await status('POST', rotate, { headers })).toBe(404);
  });

  it.each([
    [{ name: '' }, '/name'],
    [{}, '/name'],
    [{ name: 'x', scopes: ['write'] }, '/scopes/0'],
    [{ name: 'x', scopes: [] }, '/scopes'],
    [{ name: 'x', max_running: 0 }, '/max_running'],
    [{ name: 'x', expires_at: 'tomorrow' }, '/expires_at'],
    [{ name: 'x', expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
    [{ name: 'x', scope: 'read' }, '/scope'],
  ])('makes no key of %j', async (payload, pointer) => {
    const response = await api.ask('POST', '/v1/api-keys', { headers: bearer(operatorSecret), payload });
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ type: 'urn:retort:problem:invalid-body', problems: [{ pointer }] });
  });

  it('bounds the requests of a key, says when it may ask again, and leaves other keys alone', async () => {
    const [bounded, other] = [await make({ requests_per_minute: 3 }), await make({ requests_per_minute: 3 })];
    const headers = bearer(bounded.secret);
    const statuses: number[] = [];
    for (let request = 0; request < 4; request++) statuses.push(await status('GET', '/v1/datasets', { headers }));
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await api.ask('GET', '/v1/jobs', { headers });
    expect(refused.json()).toMatchObject({ type: 'urn:retort:problem:too-many-requests' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await status('GET', '/v1/datasets', { headers: bearer(other.secret) })).toBe(200);
  });

  it('changes what a key may do from its next request on, and leaves the rest as it is', async () => {
    const headers = bearer(operatorSecret);
    const { key, secret } = await make({ requests_per_minute: 1, max_running: 2 });
    const url = `/v1/api-keys/${key.id}`;
    const ask = () => status('GET', '/v1/datasets', { headers: bearer(secret) });
    expect([await ask(), await ask()]).toEqual([200, 429]);
    const payload = { requests_per_minute: null, scopes: ['submit'] };
    const changed = await api.ask('PATCH', url, { headers, payload });
    expect(changed.statusCode, changed.body).toBe(200);
    const { last_used_at: _, ...unused } = key as Issued['key'] & { last_used_at: null };
    expect(changed.json()).toMatchObject({ ...unused, ...payload });
    expect(await ask()).toBe(403);
    expect(await status('POST', '/v1/experiments', { headers: bearer(secret), payload: specWith() })).toBe(202);

    for (const [wrong, pointer] of [
      [{ max_running: 0 }, '/max_running'],
      [{ scopes: [] }, '/scopes'],
      [{ expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
      [{ secret: 'mine' }, '/secret'],
    ] as const) {
      const refused = await api.ask('PATCH', url, { headers, payload: wrong });
      expect([refused.statusCode, refused.json<unknown>()]).toMatchObject([422, { problems: [{ pointer }] }]);
    }
    expect((await api.ask('GET', url, { headers })).json()).toMatchObject({ max_running: 2, scopes: ['submit'] });
    expect(await status('PATCH', url, { headers: bearer(secret), payload })).toBe(403);
    await api.ask('POST', `${url}/revoke`, { headers });
    expect(await status('PATCH', url, { headers, payload })).toBe(404);
  });

  it('reads no other form of Authorization, and tells which is right', async () => {
    const { secret } = await make();
    for (const authorization of [secret, `Basic ${secret}`, 'Bearer', 'Bearer a b']) {
      const refused = await api.ask('GET', '/v1/jobs', { headers: { authorization } });
      expect([refused.statusCode, refused.body]).toEqual([401, expect.stringContaining('Bearer rtk_')]);
    }
  });

  it('is used by the client with a key, streams too', async () => {
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const { secret } = await make();
    const client = createRetortClient(url, { apiKey: secret });
    const submitted = await client.POST('/v1/experiments', { body: specWith() as never });
    expect(submitted.response.status).toBe(202);
    for await (const event of watchExperiment(client, submitted.data!.id)) {
      expect(event.type).toBe('experiment.created');
      break;
    }
  });

  describe('has sessions for browsers', () => {
    const signIn = (key: string) => api.ask('POST', '/v1/session', { payload: { key } });

    it('that keep the key where no script and no other site reaches it', async () => {
      const { key, secret } = await make({ scopes: ['read'] });
      const response = await signIn(secret);
      expect(response.json()).toEqual({ open: false, api_key_id: key.id, name: 'tested', scopes: ['read'] });
      const cookie = String(response.headers['set-cookie']);
      for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/v1']) expect(cookie).toContain(attribute);
      expect(cookie).not.toContain('Secure');
      const behindTls = { 'x-forwarded-proto': 'https' };
      const secure = await api.ask('POST', '/v1/session', { payload: { key: secret }, headers: behindTls });
      expect(String(secure.headers['set-cookie'])).toContain('Secure');
      const cookies = { retort_key: secret };
      expect((await api.ask('GET', '/v1/session', { cookies })).json()).toMatchObject({ api_key_id: key.id });
      const out = await api.ask('DELETE', '/v1/session', { cookies });
      expect([out.statusCode, String(out.headers['set-cookie'])]).toEqual([
        204,
        expect.stringMatching(/^retort_key=;/),
      ]);
    });

    it('that begin with a good key only', async () => {
      const refused = await signIn('rtk_no');
      expect([refused.statusCode, refused.headers['set-cookie']]).toEqual([401, undefined]);
      expect((await api.ask('POST', '/v1/session', { payload: {} })).statusCode).toBe(422);
    });

    it('that another page cannot use to change anything', async () => {
      const { secret } = await make();
      const cookies = { retort_key: secret };
      const send = (headers: Record<string, string>) =>
        status('POST', '/v1/experiments', {
          cookies,
          headers: { host: 'retort.test', ...headers },
          payload: specWith(),
        });
      expect(await send({ 'sec-fetch-site': 'same-origin' })).toBe(202);
      expect(await send({ origin: 'http://retort.test' })).toBe(202);
      expect(await send({ 'sec-fetch-site': 'same-site' })).toBe(403);
      expect(await send({ 'sec-fetch-site': 'cross-site' })).toBe(403);
      expect(await send({ origin: 'http://retort.test:3000' })).toBe(403);
      expect(await send({ origin: 'null' })).toBe(403);
    });
  });
});
