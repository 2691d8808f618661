import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { interleaved } from '../measuring/interleaved.js';
import { ApiClient } from './api-client.js';
import { end, said, type Service } from './service.js';
import { independentJobs } from './specs.js';

/** Tasks a second that compute nothing, round by round. */
export interface Processing {
  readonly workers: number;
  readonly what: 'Retort' | 'raw BullMQ';
  readonly tasksPerSecond: readonly number[];
}

/** Some worker processes that compute nothing. */
export async function startNoOpWorkers(
  service: Service,
  kind: 'retort' | 'raw',
  count: number,
): Promise<ChildProcess[]> {
  const script = fileURLToPath(new URL('no-op-worker.js', import.meta.url));
  const workers: ChildProcess[] = [];
  for (let number = 0; number < count; number++) {
    const worker = fork(script, [kind, `no-op-${number}`], { env: { ...process.env, ...service.environment } });
    workers.push(worker);
    await said(worker, 'online');
  }
  return workers;
}

/**
 * From the moment when the queue is filled to the end of the last task: of Retort as one experiment of many jobs, of BullMQ
 * as many jobs of nothing.
 *
 * @param tasks how many in one measurement
 */
export async function measureProcessing(
  service: Service,
  { workers, tasks, rounds }: { workers: number; tasks: number; rounds: number },
): Promise<Processing[]> {
  const client = new ApiClient(service.apiUrl, 1);
  const pool = new pg.Pool({ connectionString: service.databaseUrl, max: 2 });
  const connection = new Redis(service.redisUrl, { maxRetriesPerRequest: 1 });
  const queue = new Queue('raw', { connection, prefix: service.prefix });
  const contestants = [
    {
      what: 'Retort',
      kind: 'retort',
      fill: () => client.post('/v1/experiments', independentJobs(tasks)),
      open: async () => {
        const { rows } = await pool.query<{ open: string }>('SELECT sum(open_jobs) AS open FROM experiments');
        return Number(rows[0]!.open);
      },
    },
    {
      what: 'raw BullMQ',
      kind: 'raw',
      fill: () =>
        queue.addBulk(
          Array.from({ length: tasks }, () => ({ name: 'task', data: {}, opts: { removeOnComplete: true } })),
        ),
      open: async () => (await queue.getWaitingCount()) + (await queue.getActiveCount()),
    },
  ] as const;
  try {
    const rates = await interleaved(contestants, rounds, async ({ kind, fill, open }) => {
      const started = await startNoOpWorkers(service, kind, workers);
      try {
        await fill();
        const begun = performance.now();
        const before = await open();
        while ((await open()) > 0) await setTimeout(20);
        return before / ((performance.now() - begun) / 1000);
      } finally {
        await Promise.all(started.map(end));
      }
    });
    return contestants.map(({ what }, at) => ({ workers, what, tasksPerSecond: rates[at]! }));
  } finally {
    client.close();
    await pool.end();
    await queue.obliterate({ force: true });
    await queue.close();
    connection.disconnect();
  }
}
