import type { components } from '@retort/client';
import { finishTask } from '@retort/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../testing/open-test-app.js';
import { claimNext, enterWorker, succeed } from '../../../testing/run-tasks.js';
import { specWith } from '../../../testing/specs.js';

type Experiment = components['schemas']['Experiment'];
type Problem = components['schemas']['Problem'];

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
});
afterAll(() => api?.close());

const retry = (id: string, headers = {}) => api.ask('POST', `/v1/experiments/${id}/retry`, { headers });

it('refuses what runs, and what has succeeded; makes a new experiment of what failed', async () => {
  const { id } = (await api.ask('POST', '/v1/experiments', { payload: specWith() })).json<Experiment>();
  const early = await retry(id);
  expect(early.statusCode).toBe(409);
  expect(early.json<Problem>()).toMatchObject({
    type: 'urn:retort:problem:experiment-running',
    detail: expect.stringContaining(`/v1/experiments/${id}/cancel`) as string,
  });

  const worker = await enterWorker(api.db);
  await succeed(api, (await claimNext(api.db, worker))!);
  const { lease } = (await claimNext(api.db, worker))!;
  const failure = { type: 'ended', reason: 'computation_failed', detail: 'a tensor was disposed' } as const;
  await finishTask({ db: api.db, now: new Date() }, lease, failure);

  const headers = { 'idempotency-key': 'once more' };
  const retried = await retry(id, headers);
  const again = retried.json<Experiment>();
  expect(retried.statusCode).toBe(202);
  expect(retried.headers.location).toBe(`/v1/experiments/${again.id}`);
  expect(again).toMatchObject({ retry_of: id, status: 'running', jobs: { total: 2, open: 1, reused: 1 } });
  expect(again.id).not.toBe(id);
  const replayed = await retry(id, headers);
  expect([replayed.json<Experiment>().id, replayed.headers['idempotency-replayed']]).toEqual([again.id, 'true']);
  const old = (await api.ask('GET', `/v1/experiments/${id}`)).json<Experiment>();
  expect(old).toMatchObject({ status: 'failed', retry_of: null });

  await succeed(api, (await claimNext(api.db, worker))!);
  const done = await retry(again.id);
  expect(done.statusCode).toBe(409);
  expect(done.json<Problem>().type).toBe('urn:retort:problem:not-retryable');
});

it('answers 404 for an experiment that there is not', async () => {
  expect((await retry('exp_01ARZ3NDEKTSV4RRFFQ69G5FAV')).statusCode).toBe(404);
});
