// Says how long it takes to drop images, to delete an experiment of 10 000 jobs with 20 progress events and two artifacts
// each, and to collect what is left of it, beside a second one of the same size: node scripts/measure-retention.mjs
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { smallestNet } from '@retort/contracts';
import { deleteExperiment, submitExperiment } from '@retort/jobs';
import { startStack } from '@retort/stack';
import { FolderStore, openDatabase } from '@retort/store';
import pg from 'pg';
import pino from 'pino';
import { registerArtifact } from '../packages/jobs/dist/artifacts.js';
import { retain } from '../packages/jobs/dist/retention/retain.js';

const JOBS = { rates: 100, seeds: 100 };

/** Makes of an experiment's queued jobs ones that have succeeded ten days ago. */
const FILL = [
  `INSERT INTO artifacts (sha256, bytes, media_type)
   SELECT encode(sha256((id || k)::bytea), 'hex'), 10, 'x' FROM jobs, generate_series(1, 2) k WHERE experiment_id = $1`,
  `INSERT INTO job_artifacts (job_id, name, sha256)
   SELECT id, (ARRAY['weights', 'adversarial'])[k], encode(sha256((id || k)::bytea), 'hex')
   FROM jobs, generate_series(1, 2) k WHERE experiment_id = $1`,
  `WITH numbered AS (
     INSERT INTO events (experiment_id, seq, job_id, type, data)
     SELECT $1, event_seq + row_number() OVER (), jobs.id, 'job.progress', '{"progress": {"fraction": 0.5}}'
     FROM experiments JOIN jobs ON jobs.experiment_id = experiments.id, generate_series(1, 20)
     WHERE experiments.id = $1 RETURNING seq)
   UPDATE experiments SET event_seq = (SELECT max(seq) FROM numbered), open_jobs = 0, finished_at = now() - interval '10 days'
   WHERE id = $1`,
  `DELETE FROM outbox USING tasks JOIN jobs ON jobs.id = job_id WHERE task_id = tasks.id AND experiment_id = $1`,
  `UPDATE tasks SET status = 'succeeded' FROM jobs WHERE jobs.id = job_id AND experiment_id = $1`,
  `UPDATE jobs SET status = 'succeeded', reason = 'completed', finished_at = now() - interval '10 days' WHERE experiment_id = $1`,
];

const folder = await mkdtemp(join(tmpdir(), 'retort-retention-'));
const stack = await startStack({ dataDir: folder, log: pino({ level: 'silent' }) });
const db = openDatabase(stack.databaseUrl);
const pool = new pg.Pool({ connectionString: stack.databaseUrl, max: 1 });
const store = new FolderStore(join(folder, 'artifacts'), { announce: (artifact) => registerArtifact(db, artifact) });

try {
  const ids = [await experiment(0), await experiment(JOBS.seeds)];
  await pool.query('VACUUM ANALYZE');
  const terms = { artifactGraceMinutes: 0, progressHours: 24 * 365, idempotencyDays: 7 };
  await timed('deleting one', () => deleteExperiment({ db, now: new Date() }, ids[0]));
  while ((await timed('a round that collects', () => retain(db, store, terms))).artifacts > 0);
  await timed('a round that drops images', () => retain(db, store, { ...terms, imageDays: 3 }));
  await timed('a round that drops progress', () => retain(db, store, { ...terms, progressHours: 24 }));
} finally {
  await db.$disconnect();
  await pool.end();
  await stack.stop();
  await rm(folder, { recursive: true });
}

async function experiment(firstSeed) {
  const rates = Array.from({ length: JOBS.rates }, (_, at) => 0.001 + at / 1e5);
  const body = {
    name: 'large',
    dataset: { name: 'mnist', train: 1000, validation: 100, test: 100 },
    models: { net: smallestNet },
    grid: { rate: { values: rates, at: ['/models/net/learning_rate/base'] } },
    seeds: Array.from({ length: JOBS.seeds }, (_, at) => firstSeed + at),
    reuse: false,
  };
  const { experimentId } = await timed('submitting one', () => submitExperiment({ db, now: new Date() }, { body }));
  for (const statement of FILL) await pool.query(statement, [experimentId]);
  return experimentId;
}

async function timed(what, work) {
  const began = performance.now();
  const done = await work();
  const counts = Object.entries(done).filter(([, count]) => typeof count === 'number' && count > 0);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${what}: ${seconds} s`, typeof done === 'object' ? Object.fromEntries(counts) : done);
  return done;
}
