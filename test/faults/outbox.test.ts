import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectEndedOnce, finishedJobs, quickSpec } from '../support/experiments.js';
import { startRetort, type Client, type TestRetort } from '../support/retort.js';
import { startTcpProxy, type TcpProxy, type Trap } from '../support/tcp-proxy.js';

let retort: TestRetort;
let proxies: { postgres: TcpProxy; redis: TcpProxy };
beforeAll(async () => {
  retort = await startRetort();
  proxies = {
    postgres: await startTcpProxy(retort.environment.DATABASE_URL),
    redis: await startTcpProxy(retort.environment.REDIS_URL),
  };
  await retort.startWorker();
  // Its relay would send what the one under test is to.
  await killed(retort);
});
afterAll(async () => {
  proxies.postgres.close();
  proxies.redis.close();
  await retort.stop();
});

interface Step extends Trap {
  readonly name: string;
  readonly at: 'postgres' | 'redis';
}

const written = 'INSERT INTO outbox';
const marked = 'UPDATE outbox SET sent_at';
const steps: Step[] = [
  { name: 'before the commit of a submission', at: 'postgres', sent: [written, 'COMMIT'], when: 'before' },
  { name: 'after the commit of a submission', at: 'postgres', sent: [written, 'COMMIT'], when: 'after' },
  { name: 'before a delivery is marked', at: 'postgres', sent: [marked, 'COMMIT'], when: 'before' },
  { name: 'after a delivery is marked', at: 'postgres', sent: [marked, 'COMMIT'], when: 'after' },
  { name: 'before it is sent', at: 'redis', sent: ['"taskId"'], when: 'before' },
  { name: 'after it is sent', at: 'redis', sent: ['"taskId"'], when: 'after' },
];

it.each(steps)('an API that is killed with -9 $name loses nothing', async (step) => {
  const victim = await retort.startApi({ DATABASE_URL: proxies.postgres.url, REDIS_URL: proxies.redis.url });
  const trapped = proxies[step.at].trap(step);
  const submit = async (api: Client) => {
    const answer = await api.post<{ id: string }>('/v1/experiments', quickSpec(), { 'Idempotency-Key': step.name });
    expect(answer.status).toBe(202);
    return answer.body.id;
  };
  const answered = submit(victim).catch(() => undefined);
  await trapped;
  await killed(victim);
  for (const proxy of Object.values(proxies)) proxy.cut();

  const survivor = await retort.startApi();
  // Whoever got no answer asks again with the same key, as a client is told to.
  const id = (await answered) ?? (await submit(survivor));
  const [job] = await finishedJobs(survivor, id);
  expect(job).toMatchObject({ status: 'succeeded', attempts: { started: 1 } });
  await expectEndedOnce(survivor, id);
  expect(await submit(survivor)).toBe(id);
  const accepted = await survivor.get<{ data: object[] }>('/v1/experiments?limit=100');
  expect(accepted.data).toHaveLength(steps.indexOf(step) + 1);
  await killed(survivor);
});

async function killed({ process }: { process: TestRetort['process'] }): Promise<void> {
  const gone = once(process, 'exit');
  process.kill('SIGKILL');
  await gone;
}
