import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../testing/open-test-app.js';
import { specWith } from '../../../testing/specs.js';

interface Issued {
  endpoint: { id: string; enabled: boolean };
  secret: string;
}
type Page = { data: { id: string; status: string; payload: object }[]; next: string | null };

describe('/v1/webhook-endpoints', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await openTestApp();
  });
  afterAll(() => api?.close());

  const path = '/v1/webhook-endpoints';
  const nowhere = `${path}/whe_01ARZ3NDEKTSV4RRFFQ69G5FAV`;
  const make = async (payload: object = {}): Promise<Issued> => {
    const response = await api.ask('POST', path, { payload: { url: 'https://example.com/hook', ...payload } });
    expect(response.statusCode, response.body).toBe(201);
    return response.json<Issued>();
  };

  it('makes an endpoint with its defaults, and shows its secret once', async () => {
    const { endpoint, secret } = await make();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint).toMatchObject({
      url: 'https://example.com/hook',
      event_types: ['experiment.finished', 'job.succeeded', 'job.failed', 'job.cancelled'],
      experiment_id: null,
      enabled: true,
    });
    const found = await api.ask('GET', `${path}/${endpoint.id}`);
    expect(found.json()).toEqual(endpoint);
    expect(found.body).not.toContain(secret);
    expect((await api.ask('GET', path)).json<Page>().data[0]).toEqual(endpoint);
  });

  it.each([
    [{ url: 'example.com' }, '/url'],
    [{ url: 'http://example.com/' }, '/url'],
    [{ url: 'file:///etc/passwd' }, '/url'],
    [{ url: 'https://user:word@example.com/' }, '/url'],
    [{ url: 'https://127.0.0.1/' }, '/url'],
    [{ url: 'https://2130706433/' }, '/url'],
    [{ url: 'https://0x7f000001/' }, '/url'],
    [{ url: 'https://0251.0376.0251.0376/' }, '/url'],
    [{ url: 'https://[::ffff:10.0.0.1]/' }, '/url'],
    [{ event_types: ['job.suceeded'] }, '/event_types/0'],
    [{ event_types: [] }, '/event_types'],
    [{ experiment_id: 'exp_none' }, '/experiment_id'],
    [{ api_key_id: 'key_none' }, '/api_key_id'],
    [{ secret: 'mine' }, '/secret'],
  ])('makes none of %j', async (payload, pointer) => {
    const response = await api.ask('POST', path, { payload: { url: 'https://example.com/', ...payload } });
    expect(response.statusCode, response.body).toBe(422);
    expect(response.json()).toMatchObject({ type: 'urn:retort:problem:invalid-body', problems: [{ pointer }] });
  });

  it('changes, rotates and deletes it', async () => {
    const { endpoint, secret } = await make({ description: 'ours' });
    const self = `${path}/${endpoint.id}`;
    const changed = await api.ask('PATCH', self, { payload: { enabled: false, description: null } });
    expect(changed.json()).toMatchObject({ enabled: false, description: null, disabled_reason: null });
    expect((await api.ask('PATCH', self, { payload: { enabled: true } })).json()).toMatchObject({ disabled_at: null });
    expect((await api.ask('PATCH', self, { payload: { url: 'https://[::1]/' } })).statusCode).toBe(422);
    expect((await api.ask('PATCH', nowhere, { payload: {} })).statusCode).toBe(404);
    const rotated = (await api.ask('POST', `${self}/rotate-secret`)).json<Issued>();
    expect(rotated.secret).not.toBe(secret);
    expect(rotated.endpoint).toMatchObject({ previous_secret_until: expect.any(String) as string });
    expect((await api.ask('DELETE', self)).statusCode).toBe(204);
    expect((await api.ask('GET', self)).statusCode).toBe(404);
    expect((await api.ask('DELETE', self)).statusCode).toBe(404);
  });

  it('lists what was told, page by page, and puts it on its way again', async () => {
    const { endpoint } = await make({ event_types: ['experiment.created'] });
    const self = `${path}/${endpoint.id}`;
    for (let count = 0; count < 3; count++) await api.ask('POST', '/v1/experiments', { payload: specWith() });
    const tested = await api.ask('POST', `${self}/test`);
    expect([tested.statusCode, tested.json()]).toMatchObject([202, { type: 'webhook_endpoint.test', attempts: 0 }]);
    const all = (await api.ask('GET', `${self}/deliveries`)).json<Page>();
    expect(all.data).toHaveLength(4);
    expect(all.data[1]!.payload).toMatchObject({
      type: 'experiment.created',
      data: { data: { name: 'tiny', jobs: 2 } },
    });
    const first = (await api.ask('GET', `${self}/deliveries?limit=3`)).json<Page>();
    const second = (await api.ask('GET', `${self}/deliveries?limit=3&after=${first.next!}`)).json<Page>();
    expect([...first.data, ...second.data]).toEqual(all.data);
    expect((await api.ask('GET', `${self}/deliveries?status=failed`)).json<Page>().data).toEqual([]);
    const again = await api.ask('POST', `${self}/deliveries/${all.data[0]!.id}/redeliver`);
    expect([again.statusCode, again.json()]).toMatchObject([202, { id: all.data[0]!.id, status: 'pending' }]);
    expect((await api.ask('POST', `${self}/deliveries/msg_${'0'.repeat(32)}/redeliver`)).statusCode).toBe(404);
    expect((await api.ask('GET', `${nowhere}/deliveries`)).statusCode).toBe(404);
    expect((await api.ask('POST', `${nowhere}/test`)).statusCode).toBe(404);
  });
});
