import { smallestSpec } from '@retort/contracts';
import { registerWorker, reportWorker } from '@retort/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../testing/open-test-app.js';
import { enterWorker } from '../testing/run-tasks.js';

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
});
afterAll(() => api.close());

/** The samples of the service itself, by name and labels. */
async function scrape(): Promise<Record<string, number>> {
  const { statusCode, headers, body } = await api.ask('GET', '/metrics');
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toContain('text/plain; version=0.0.4');
  const samples = body.split('\n').filter((line) => line.startsWith('retort_'));
  return Object.fromEntries(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

it('tells of the load, and of nothing that has ended', async () => {
  expect(await scrape()).toMatchObject({ retort_postgres_up: 1, retort_oldest_queued_job_seconds: 0 });
  const { id } = (await api.ask('POST', '/v1/experiments', { body: smallestSpec })).json<{ id: string }>();
  await enterWorker(api.db);
  const identity = { name: 'second', host: 'here', pid: 2, version: '0.0.0', concurrency: 3 };
  const second = await registerWorker({ db: api.db, now: new Date() }, identity);
  const before = await scrape();
  expect(before).toMatchObject({
    'retort_open_jobs{kind="train",status="queued"}': 1,
    'retort_open_jobs{kind="attack",status="blocked"}': 1,
    'retort_workers{status="online",engine="cpu"}': 1,
    'retort_worker_slots{status="online",engine="cpu"}': 1,
    'retort_workers{status="online",engine="none yet"}': 1,
    'retort_worker_slots{status="online",engine="none yet"}': 3,
  });

  await api.ask('POST', `/v1/experiments/${id}/cancel`);
  await reportWorker({ db: api.db, now: new Date() }, second, { status: 'offline' });
  const after = await scrape();
  expect(Object.keys(after).filter((name) => name.startsWith('retort_open_jobs'))).toEqual([]);
  expect(after['retort_workers{status="online",engine="cpu"}']).toBe(1);
  expect(after).not.toHaveProperty(['retort_workers{status="online",engine="none yet"}']);
});

it('counts requests by the route and not by the address', async () => {
  await api.ask('GET', '/v1/jobs/job_01ARZ3NDEKTSV4RRFFQ69G5FAV');
  const samples = await scrape();
  const route = 'method="GET",route="/v1/jobs/:id",status="404"';
  expect(samples[`retort_http_request_duration_seconds_count{${route}}`]).toBe(1);
});
