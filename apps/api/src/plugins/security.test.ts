import pino from 'pino';
import { afterEach, expect, it } from 'vitest';
import { createApp } from '../app.js';
import { openTestApp } from '../testing/open-test-app.js';

let close: () => Promise<unknown>;
afterEach(() => close());

it('bounds the requests of one address, says when it may ask again, and never bounds the questions about health', async () => {
  const api = await openTestApp({ requestsPerMinute: 2 });
  close = () => api.close();
  const { app } = api;
  const statuses: number[] = [];
  for (let request = 0; request < 3; request++) statuses.push((await app.inject('/v1/datasets')).statusCode);
  expect(statuses).toEqual([200, 200, 429]);
  const refused = await app.inject('/v1/datasets');
  expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.json()).toMatchObject({ type: 'urn:retort:problem:too-many-requests', status: 429 });
  expect((await app.inject('/healthz')).statusCode).toBe(200);
});

it('lets no page run what is not its own', async () => {
  const app = await createApp({ log: pino({ level: 'silent' }), version: '0' } as never);
  close = () => app.close();
  const { headers } = await app.inject('/healthz');
  const policy = new Map(
    String(headers['content-security-policy'])
      .split(';')
      .map((directive) => [directive.split(' ', 1)[0], directive] as const),
  );
  expect(policy.get('default-src')).toBe("default-src 'self'");
  expect(policy.get('script-src')).toBe("script-src 'self'");
  expect(policy.get('object-src')).toBe("object-src 'none'");
  // Would send a browser that came by http to an https that nobody serves.
  expect(policy.has('upgrade-insecure-requests')).toBe(false);
  expect(headers['x-content-type-options']).toBe('nosniff');
});
