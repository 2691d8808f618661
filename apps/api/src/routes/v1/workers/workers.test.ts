import { registerWorker, reportWorker } from '@retort/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../testing/open-test-app.js';

let api: TestApp;
let worker: string;
const now = new Date();
beforeAll(async () => {
  api = await openTestApp();
  const identity = { name: 'w', host: 'h', pid: 1, version: '0.0.0', concurrency: 1 };
  worker = await registerWorker({ db: api.db, now }, identity);
});
afterAll(() => api.close());

const drain = (id: string) => api.ask('POST', `/v1/workers/${id}/drain`);

it('asks a worker to drain, and tells it with its next report', async () => {
  const report = () => reportWorker({ db: api.db, now }, worker, { status: 'online' });
  expect(await report()).toEqual({ drainRequested: false });
  for (const time of ['first', 'second']) {
    const response = await drain(worker);
    expect(response.statusCode, time).toBe(202);
    expect(response.json(), time).toMatchObject({ id: worker, status: 'online', drain_requested: true });
  }
  expect(await report()).toEqual({ drainRequested: true });
});

it('says that there is no such worker, or that it has ended', async () => {
  const unknown = `wrk_${'0'.repeat(26)}`;
  expect((await drain(unknown)).json()).toMatchObject({ status: 404, detail: `There is no worker "${unknown}".` });
  expect((await api.ask('GET', `/v1/workers/${unknown}`)).statusCode).toBe(404);
  await reportWorker({ db: api.db, now }, worker, { status: 'offline' });
  const response = await drain(worker);
  expect(response.statusCode).toBe(409);
  expect(response.json()).toMatchObject({ type: 'urn:retort:problem:worker-offline' });
  expect((await api.ask('GET', `/v1/workers/${worker}`)).json()).toMatchObject({ status: 'offline', running: 0 });
});
