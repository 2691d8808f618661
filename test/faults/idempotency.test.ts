import { afterAll, beforeAll, expect, it } from 'vitest';
import { tinySpec } from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
});
afterAll(() => retort.stop());

type Accepted = { id: string };
type List = { data: object[] };

it('makes one experiment of a hundred equal submissions at once to two API processes', async () => {
  const apis = [retort, await retort.startApi()];
  const headers = { 'Idempotency-Key': 'one of a hundred' };
  const submit = (_: unknown, at: number) =>
    apis[at % apis.length]!.post<Accepted>('/v1/experiments', tinySpec(), headers);
  const answers = await Promise.all(Array.from({ length: 100 }, submit));
  expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(202));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect((await retort.get<List>('/v1/experiments')).data).toHaveLength(1);
  expect((await retort.get<List>('/v1/jobs')).data).toHaveLength(1);

  const other = tinySpec({ name: 'another body' });
  const refused = await Promise.all(apis.map((api) => api.post('/v1/experiments', other, headers)));
  expect(refused.map(({ status }) => status)).toEqual([422, 422]);
});
