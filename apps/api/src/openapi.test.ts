import { Validator } from '@seriousme/openapi-schema-validator';
import { check, ExperimentSpec, smallestSpec } from '@retort/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pino from 'pino';
import { createApp } from './app.js';
import { describeApi } from './describe-api.js';
import { pathsOf } from './testing/paths-of.js';
import { openTestApp, type TestApp } from './testing/open-test-app.js';

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  responses: Record<string, { content?: Record<string, object> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { required?: string[]; properties?: object }> };
}

describe('the OpenAPI document', () => {
  let document: Document;
  beforeAll(async () => {
    document = (await describeApi()) as Document;
  });

  const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path));

  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate({ ...structuredClone(document) });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.1/);
  });

  it('names and summarises every operation, with its refusals', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operationId, summary, tags, responses } of operations()) {
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(summary, operationId).toBeTruthy();
      expect(tags, operationId).toHaveLength(1);
      const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      expect(refusals.length, operationId).toBeGreaterThan(0);
      for (const [, { content }] of refusals) expect(Object.keys(content!)).toEqual(['application/problem+json']);
    }
  });

  it('has every path, and every method that is not refused', async () => {
    const app = await createApp({ log: pino({ level: 'silent' }), version: '0' } as never);
    await app.ready();
    const isPublic = (path: string) => path.startsWith('/v1/') || /^\/(healthz|readyz|metrics)$/.test(path);
    expect(pathsOf(app).filter(isPublic).sort()).toEqual(Object.keys(document.paths).sort());
    for (const [path, documented] of Object.entries(document.paths)) {
      for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
        if (method in documented) continue;
        const { statusCode } = await app.inject({ method, url: path.replaceAll(/\{\w+\}/g, 'x') });
        expect(statusCode, `${method} ${path}`).toBe(405);
      }
    }
    await app.close();
  });

  it('shows the whole spec, and asks only for what has no default', () => {
    const { ExperimentSpec: posted, CompleteSpec: complete } = document.components.schemas;
    expect(Object.keys(posted!.properties!)).toEqual(Object.keys(ExperimentSpec.properties));
    expect(posted!.required).toEqual(['name', 'dataset', 'models']);
    expect(complete!.required).toContain('seeds');
    expect(check(ExperimentSpec, smallestSpec).ok).toBe(true);
  });
});

describe('the pages about the API', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await openTestApp();
  });
  afterAll(() => api?.close());

  it('are there, and may run their scripts', async () => {
    const page = await api.app.inject('/docs');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    // Nothing inline, which the policy would stop.
    expect(page.body).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/);
    for (const [, script] of page.body.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)) {
      expect((await api.app.inject(script!)).statusCode, script).toBe(200);
    }
    expect((await api.app.inject('/docs/json')).json<Document>().paths).toBeDefined();
    expect((await api.app.inject('/openapi.json')).json<Document>().openapi).toMatch(/^3\.1/);
    const root = await api.app.inject('/');
    expect(root.headers.location).toBe('/docs');
  });
});
