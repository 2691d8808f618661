import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { interleaved } from '../measuring/interleaved.js';
import { ApiClient } from './api-client.js';
import { closedLoop } from './closed-loop.js';
import { startNoOpWorkers } from './processing.js';
import { end, startService, type Service } from './service.js';
import { independentJobs } from './specs.js';

/** Jobs of the experiment that is run once and then stored again and again under other identifiers. */
const COPIED_JOBS = 100;
/** Tasks of one measurement. */
const TASKS = 100;

/** What a job costs where so many are stored: milliseconds, round by round. */
export interface Grown {
  readonly stored: number;
  readonly milliseconds: Readonly<Record<string, readonly number[]>>;
}

/** Measures what jobs cost beside few and many stored ones, in turns: each size is a database of its own. */
export async function measureGrowth(
  sizes: readonly number[],
  { rounds, say }: { rounds: number; say: (text: string) => void },
): Promise<Grown[]> {
  const services: Service[] = [];
  try {
    for (const size of sizes) {
      const service = await startService();
      services.push(service);
      await store(service, size);
      say(`${size} jobs are stored`);
    }
    for (const service of services) await measureOne(service); // connections are made, code is compiled
    const measured = await interleaved(services, rounds, measureOne);
    return sizes.map((stored, at) => ({
      stored,
      milliseconds: Object.fromEntries(
        Object.keys(measured[at]![0]!).map((what) => [what, measured[at]!.map((round) => round[what]!)]),
      ),
    }));
  } finally {
    await Promise.all(services.map((service) => service.stop()));
  }
}

async function measureOne(service: Service): Promise<Record<string, number>> {
  const client = new ApiClient(service.apiUrl, 1);
  const once = async (path: string) => (await closedLoop(1, 0.5, () => client.get(path))).p50;
  try {
    return {
      'submit a job': (await closedLoop(1, 1, () => client.post('/v1/experiments', independentJobs(1)))).p50,
      'run a task of nothing': await runTasks(service, client),
      'list 50 jobs': await once('/v1/jobs?limit=50'),
      'list 50 running jobs': await once('/v1/jobs?limit=50&status=running'),
      'list 50 experiments': await once('/v1/experiments?limit=50'),
      'read the queue': await once('/v1/queue'),
    };
  } finally {
    client.close();
  }
}

/** Milliseconds of a task, where one worker runs all that are queued. */
async function runTasks(service: Service, client: ApiClient): Promise<number> {
  const pool = new pg.Pool({ connectionString: service.databaseUrl, max: 1 });
  const open = async () => {
    const { rows } = await pool.query<{ open: string }>(
      'SELECT coalesce(sum(open_jobs), 0) AS open FROM experiments WHERE finished_at IS NULL',
    );
    return Number(rows[0]!.open);
  };
  await client.post('/v1/experiments', independentJobs(TASKS));
  const workers = await startNoOpWorkers(service, 'retort', 1);
  try {
    const tasks = await open();
    const begun = performance.now();
    while ((await open()) > 0) await setTimeout(20);
    return (performance.now() - begun) / tasks;
  } finally {
    await Promise.all(workers.map(end));
    await pool.end();
  }
}

/** Stores finished jobs: one experiment is run, and its rows are copied under other identifiers. */
async function store(service: Service, jobs: number): Promise<void> {
  const client = new ApiClient(service.apiUrl, 1);
  const { id } = await client.post<{ id: string }>('/v1/experiments', independentJobs(COPIED_JOBS));
  await runTasks(service, client);
  client.close();
  const pool = new pg.Pool({ connectionString: service.databaseUrl, max: 1 });
  const copies = jobs / COPIED_JOBS - 1;
  for (const copy of COPIES) await pool.query(copy, [id, copies]);
  await pool.query('VACUUM ANALYZE');
  await pool.query('CHECKPOINT'); // else what the copies left to be written is, beside what is measured
  await pool.end();
}

/** Every column stays as it is but those that name a row, so that a new column needs nothing here. */
const COPIES = [
  copyOf('experiments', 'row.id = $1', `'id', row.id || '-' || copy`),
  copyOf(
    'jobs',
    'row.experiment_id = $1',
    `'id', row.id || '-' || copy, 'experiment_id', row.experiment_id || '-' || copy, 'fingerprint', row.fingerprint || copy`,
  ),
  copyOf('computations', ofJobs(), `'fingerprint', row.fingerprint || copy, 'job_id', row.job_id || '-' || copy`),
  copyOf('tasks', ofJobs(), `'id', row.id || '-' || copy, 'job_id', row.job_id || '-' || copy`),
  copyOf('attempts', ofTasks(), `'id', row.id || '-' || copy, 'task_id', row.task_id || '-' || copy`),
  copyOf('outbox', ofTasks(), `'id', nextval('outbox_id_seq'), 'task_id', row.task_id || '-' || copy`),
  copyOf(
    'events',
    'row.experiment_id = $1',
    `'experiment_id', row.experiment_id || '-' || copy, 'job_id', row.job_id || '-' || copy`,
  ),
];

/** The rows of one experiment lie together, as they do where experiments come one after another. */
function copyOf(table: string, where: string, names: string): string {
  return `INSERT INTO ${table} SELECT filled.* FROM generate_series(1, $2::int) copy CROSS JOIN ${table} row
    CROSS JOIN LATERAL jsonb_populate_record(row, jsonb_build_object(${names})) filled WHERE ${where} ORDER BY copy`;
}

function ofJobs(): string {
  return 'row.job_id IN (SELECT id FROM jobs WHERE experiment_id = $1)';
}

function ofTasks(): string {
  return 'row.task_id IN (SELECT tasks.id FROM tasks JOIN jobs ON jobs.id = job_id WHERE experiment_id = $1)';
}
