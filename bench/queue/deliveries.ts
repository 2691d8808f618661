import pg from 'pg';
import { ApiClient } from './api-client.js';
import { startNoOpWorkers } from './processing.js';
import { end, type Service } from './service.js';
import { independentJobs } from './specs.js';
import { setTimeout } from 'node:timers/promises';

/**
 * Milliseconds from the commit of a submission to the commit of the claim of its task, as Postgres keeps the times of
 * both, for experiments of one job that meet an idle worker.
 */
export async function measureDeliveries(service: Service, count: number): Promise<number[]> {
  const client = new ApiClient(service.apiUrl, 1);
  const pool = new pg.Pool({ connectionString: service.databaseUrl, max: 1 });
  const workers = await startNoOpWorkers(service, 'retort', 1);
  try {
    const latencies: number[] = [];
    for (let number = -3; number < count; number++) {
      const { id } = await client.post<{ id: string }>('/v1/experiments', independentJobs(1));
      await untilFinished(pool, id);
      const { rows } = await pool.query<{ milliseconds: number }>(LATENCY, [id]);
      if (number >= 0) latencies.push(rows[0]!.milliseconds); // the first ones compile the code
    }
    return latencies;
  } finally {
    client.close();
    await pool.end();
    await Promise.all(workers.map(end));
  }
}

/** Rows of events are written once and never changed: their transaction is the one that they tell of. */
const LATENCY = `
  SELECT extract(epoch FROM pg_xact_commit_timestamp(started.xmin) - pg_xact_commit_timestamp(queued.xmin))::float * 1000
    AS milliseconds
  FROM events queued JOIN events started USING (experiment_id)
  WHERE experiment_id = $1 AND queued.type = 'job.queued' AND started.type = 'job.started'`;

async function untilFinished(pool: pg.Pool, experimentId: string): Promise<void> {
  const finished = 'SELECT finished_at FROM experiments WHERE id = $1';
  for (;;) {
    const { rows } = await pool.query<{ finished_at: Date | null }>(finished, [experimentId]);
    if (rows[0]!.finished_at !== null) return;
    await setTimeout(5);
  }
}
