import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../testing/open-test-app.js';
import { claimNext, enterWorker } from '../../../testing/run-tasks.js';
import { specWith } from '../../../testing/specs.js';

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp({ kindLimits: new Map([['train', 1]]) });
});
afterAll(() => api?.close());

interface Job {
  status: string;
  waiting_for: { what: string } | null;
}

async function submit(changes: Record<string, unknown> = {}): Promise<Job[]> {
  const payload = { ...(specWith() as object), reuse: false, ...changes };
  const { id } = (await api.ask('POST', '/v1/experiments', { payload })).json<{ id: string }>();
  return (await api.ask('GET', `/v1/experiments/${id}/jobs`)).json<{ data: Job[] }>().data;
}

it('says in each job what it waits for, and of all what waits', async () => {
  expect(await submit({ priority: 7 })).toMatchObject([
    { status: 'queued', priority: 7, engine: null, waiting_for: { what: 'worker', workers: 0 } },
    { status: 'blocked', waiting_for: { what: 'parents', parents: 1 } },
  ]);
  const worker = await enterWorker(api.db);
  const [unserved] = await submit({ engine: 'gpu' });
  expect(unserved).toMatchObject({
    engine: 'gpu',
    waiting_for: {
      what: 'engine',
      engine: 'gpu',
      workers: 0,
      detail: 'no worker online has a GPU; those that are have cpu',
    },
  });
  await claimNext(api.db, worker);
  const [limited] = await submit();
  expect(limited!.waiting_for).toMatchObject({ what: 'limit', limit: 'train', running: 1, allowed: 1 });

  const queue = (await api.ask('GET', '/v1/queue')).json<unknown>();
  expect(queue).toMatchObject({
    jobs: { queued: 2, running: 1, blocked: 3, paused: 0 },
    unsent: 2,
    slots: [{ engine: 'cpu', slots: 1, running: 1, sent: 0 }],
    limits: [{ kind: 'train', allowed: 1, running: 1 }],
  });
  const { waiting } = queue as { waiting: unknown[] };
  expect(waiting).toHaveLength(2);
  expect(waiting).toContainEqual(expect.objectContaining({ api_key_id: null, kind: 'train', engine: 'gpu', tasks: 1 }));

  const running = (await api.ask('GET', '/v1/jobs?status=running')).json<{ data: Job[] }>().data;
  expect(running.map(({ waiting_for }) => waiting_for)).toEqual([null]);
});
