import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pg from 'pg';

const ENDS = `('job.succeeded', 'job.failed', 'job.cancelled')`;
const ENDED = `('succeeded', 'failed', 'cancelled')`;

/** What must not be in the database of a Retort that has come to rest, each as the query that would find it. */
const wrongs = {
  'jobs that have not ended': `SELECT id, status FROM jobs WHERE status NOT IN ${ENDED}`,
  'tasks that have not ended': `SELECT id, status FROM tasks WHERE status NOT IN ${ENDED}`,
  'attempts that have not ended': `SELECT id, task_id FROM attempts WHERE finished_at IS NULL`,
  'experiments that are open': `SELECT id, open_jobs FROM experiments WHERE open_jobs <> 0 OR finished_at IS NULL`,
  'jobs that failed': `SELECT id, reason, detail FROM jobs WHERE status = 'failed'`,
  'jobs that did not end once': `
    SELECT jobs.id, count(seq) FROM jobs LEFT JOIN events ON events.job_id = jobs.id AND type IN ${ENDS}
    GROUP BY jobs.id HAVING count(seq) <> 1`,
  'experiments that did not finish once': `
    SELECT experiments.id, count(seq) FROM experiments
    LEFT JOIN events ON experiment_id = experiments.id AND type = 'experiment.finished'
    GROUP BY experiments.id HAVING count(seq) <> 1`,
  'tasks that did not complete once, or not at all where they did not succeed': `
    SELECT tasks.id, tasks.status, count(attempts.id) FROM tasks
    LEFT JOIN attempts ON task_id = tasks.id AND attempts.reason = 'completed'
    GROUP BY tasks.id HAVING count(attempts.id) <> (tasks.status = 'succeeded')::int`,
  'gaps among events': `
    SELECT experiments.id, event_seq, count(seq) FROM experiments LEFT JOIN events ON experiment_id = experiments.id
    GROUP BY experiments.id HAVING count(seq) <> event_seq OR min(seq) <> 1 OR max(seq) <> event_seq`,
};

/** Asks for all that must not be: names of wrongs, each with its rows; empty where all is right. */
export async function findWrongs(databaseUrl: string): Promise<Record<string, unknown[]>> {
  return withClient(databaseUrl, async (client) => {
    const found: Record<string, unknown[]> = {};
    for (const [name, query] of Object.entries(wrongs)) {
      const { rows } = await client.query<Record<string, unknown>>(query);
      if (rows.length > 0) found[name] = rows;
    }
    return found;
  });
}

/** How jobs and attempts have ended, for whoever reads what a soak did: counts by status and by reason. */
export async function countEnds(databaseUrl: string): Promise<Record<string, number>> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ what: string; count: number }>(`
      SELECT 'job ' || status AS what, count(*)::int FROM jobs GROUP BY status
      UNION ALL SELECT 'attempt ' || reason, count(*)::int FROM attempts GROUP BY reason ORDER BY what`);
    return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
  });
}

/** The identifiers of all experiments. */
export async function allExperiments(databaseUrl: string): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM experiments ORDER BY id');
    return rows.map(({ id }) => id);
  });
}

/** Artifacts that are named but not there, or whose bytes are not those of their name; and files that no row knows. */
export async function findBrokenArtifacts(databaseUrl: string, folder: string): Promise<Record<string, string[]>> {
  const [named, known] = await withClient(databaseUrl, async (client) => {
    const ask = async (query: string) =>
      (await client.query<{ sha256: string }>(query)).rows.map(({ sha256 }) => sha256);
    return [await ask('SELECT DISTINCT sha256 FROM job_artifacts'), await ask('SELECT sha256 FROM artifacts')];
  });
  const isWhole = async (sha256: string) => {
    const bytes = await readFile(join(folder, sha256.slice(0, 2), sha256)).catch(() => Buffer.alloc(0));
    return createHash('sha256').update(bytes).digest('hex') === sha256;
  };
  const whole = await Promise.all(named.map(isWhole));
  const files = (await filesBelow(folder)).map((path) => basename(path)).filter((name) => /^[0-9a-f]{64}$/.test(name));
  return {
    // What is known and named by nothing is collected in its time; what is not known never would be.
    unknown: files.filter((sha256) => !known.includes(sha256)),
    broken: named.filter((_, at) => !whole[at]),
  };
}

/** The files below a folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function withClient<T>(databaseUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
