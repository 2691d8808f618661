import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { interleaved } from '../measuring/interleaved.js';
import { ApiClient } from './api-client.js';
import { closedLoop, type Pace } from './closed-loop.js';
import type { Service } from './service.js';
import { independentJobs } from './specs.js';

/** Connections of the raw Postgres client: as many as an API process holds. */
const POOL = 10;
/** Jobs of the grid that is submitted at once. */
export const GRID_JOBS = 10_000;

/** How fast one of the three took its calls, round by round. */
export interface Submissions {
  readonly inFlight: number;
  readonly what: 'POST /v1/experiments' | 'raw Postgres commit' | 'raw BullMQ add';
  readonly rounds: readonly Pace[];
}

/** Submissions of one job through the API, beside a commit of one row to Postgres and an add to BullMQ, in turns. */
export async function measureSubmissions(
  service: Service,
  { inFlight, rounds, seconds }: { inFlight: number; rounds: number; seconds: number },
): Promise<Submissions[]> {
  const client = new ApiClient(service.apiUrl, inFlight);
  const pool = new pg.Pool({ connectionString: service.databaseUrl, max: POOL });
  const connection = new Redis(service.redisUrl, { maxRetriesPerRequest: 1 });
  const queue = new Queue('raw', { connection, prefix: service.prefix });
  await pool.query('CREATE TABLE IF NOT EXISTS bench_commits (id bigserial PRIMARY KEY, body json NOT NULL)');
  const body = independentJobs(1);
  const contestants = [
    { what: 'POST /v1/experiments', call: () => client.post('/v1/experiments', independentJobs(1)) },
    {
      what: 'raw Postgres commit',
      call: () => pool.query('INSERT INTO bench_commits (body) VALUES ($1)', [JSON.stringify(body)]),
    },
    {
      what: 'raw BullMQ add',
      call: () => queue.add('task', { taskId: 'task', attempt: 1 }, { removeOnComplete: true }),
    },
  ] as const;
  try {
    for (const { call } of contestants) await closedLoop(inFlight, 0.5, call); // connections are made, code is compiled
    const paces = await interleaved(contestants, rounds, ({ call }) => closedLoop(inFlight, seconds, call));
    return contestants.map(({ what }, at) => ({ inFlight, what, rounds: paces[at]! }));
  } finally {
    client.close();
    await queue.obliterate({ force: true });
    await queue.close();
    connection.disconnect();
    await pool.query('DROP TABLE bench_commits');
    await pool.end();
  }
}

/** Seconds from the POST of one grid of many jobs to its answer. */
export async function measureGrid(service: Service, rounds: number): Promise<number[]> {
  const client = new ApiClient(service.apiUrl, 1);
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await client.post('/v1/experiments', independentJobs(GRID_JOBS));
    seconds.push((performance.now() - begun) / 1000);
  }
  client.close();
  return seconds;
}
