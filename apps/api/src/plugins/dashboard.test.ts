import { publicFolder, scriptsFolder } from '@retort/web/paths';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { createApp } from '../app.js';

let app: FastifyInstance;
beforeAll(async () => {
  const folders = { publicFolder, scriptsFolder };
  app = await createApp({ log: pino({ level: 'silent' }), version: '0', dashboard: folders } as never);
});
afterAll(() => app.close());

it('serves the page at / and everything that it loads', async () => {
  const page = await app.inject('/');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  const loaded = [...page.body.matchAll(/(?:src|href)="(\/[^"#]+)"/g)].map(([, path]) => path!);
  expect(loaded.length).toBeGreaterThan(2);
  for (const path of loaded) expect((await app.inject(path)).statusCode, path).toBe(200);
  // Every module that a script imports is served under a path of its own.
  const script = await app.inject('/assets/index.js');
  expect(script.headers['content-type']).toMatch(/javascript/);
  for (const [, from] of script.body.matchAll(/from '([^']+)'/g)) {
    expect(from).toMatch(/^\.\.?\//);
    expect((await app.inject(new URL(from!, 'http://x/assets/index.js').pathname)).statusCode, from).toBe(200);
  }
});

it('serves no other file', async () => {
  for (const path of ['/assets/index.js.map', '/assets/../package.json', '/package.json', '/%2e%2e/package.json']) {
    expect((await app.inject(path)).statusCode, path).toBe(404);
  }
});
