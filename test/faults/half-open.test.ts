import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  expectEndedOnce,
  finishedJobs,
  jobsWhen,
  quickSpec,
  submit,
  tinyNet,
  tinySpec,
} from '../support/experiments.js';
import { startRetort, type TestRetort } from '../support/retort.js';
import { startTcpProxy, type Direction, type TcpProxy } from '../support/tcp-proxy.js';

/** Milliseconds within which a request to an API whose connections are dead must have some answer. */
const ANSWER_LIMIT_MS = 40_000;

let retort: TestRetort;
let proxies: TcpProxy[];
beforeEach(async () => {
  retort = await startRetort();
  const { DATABASE_URL, REDIS_URL } = retort.environment;
  proxies = await Promise.all([DATABASE_URL, REDIS_URL].map(startTcpProxy));
});
afterEach(async () => {
  for (const proxy of proxies) proxy.close();
  await retort.stop();
});

it.each<[string, { postgres: Direction[]; redis: Direction[] }]>([
  ['in both directions', { postgres: ['up', 'down'], redis: ['up', 'down'] }],
  ['in one direction', { postgres: ['down'], redis: ['up'] }],
])('connections that die %s without being closed are made anew', async (_, dead) => {
  const [postgres, redis] = proxies as [TcpProxy, TcpProxy];
  const throughProxies = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
  const api = await retort.startApi(throughProxies);
  await retort.startWorker(throughProxies);
  const running = await submit(api, tinySpec({ models: { plain: { ...tinyNet, epochs: 20 } } }));
  await jobsWhen(retort, running, ([job]) => job!.status === 'running' && job!.progress.fraction > 0);

  postgres.freeze(...dead.postgres);
  redis.freeze(...dead.redis);
  // What gets no answer, or a 503, is sent again, as a client is told to.
  const answers: number[] = [];
  let next: string | undefined;
  while (next === undefined) {
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'the next' };
    const body = JSON.stringify(quickSpec());
    const answer = await fetch(`${api.url}/v1/experiments`, { method: 'POST', headers, body, signal });
    answers.push(answer.status);
    if (answer.status === 202) next = ((await answer.json()) as { id: string }).id;
  }
  expect(answers.filter((status) => status !== 202 && status !== 503)).toEqual([]);

  for (const id of [running, next]) {
    expect(await finishedJobs(retort, id)).toMatchObject([{ status: 'succeeded', attempts: { started: 1 } }]);
    await expectEndedOnce(retort, id);
  }
  expect((await retort.get<{ data: object[] }>('/v1/experiments')).data).toHaveLength(2);
});
