import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../testing/open-test-app.js';
import { specWith } from '../../../testing/specs.js';

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
});
afterAll(() => api?.close());

it('deletes an experiment once it has finished, and says how to end one that has not', async () => {
  const { id } = (await api.ask('POST', '/v1/experiments', { payload: specWith({}) })).json<{ id: string }>();
  const path = `/v1/experiments/${id}`;
  const refused = await api.ask('DELETE', path);
  expect(refused.statusCode).toBe(409);
  expect(refused.json<{ detail: string }>().detail).toContain(`cancel it with POST ${path}/cancel`);
  await api.ask('POST', `${path}/cancel`);
  const deleted = await api.ask('DELETE', path);
  expect([deleted.statusCode, deleted.body]).toEqual([204, '']);
  expect((await api.ask('GET', path)).statusCode).toBe(404);
  expect((await api.ask('DELETE', path)).statusCode).toBe(404);
  expect(await api.db.job.count()).toBe(0);
  expect(await api.db.event.count()).toBe(0);
});
