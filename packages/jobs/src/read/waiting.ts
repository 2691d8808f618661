import { enginesServing, type JobKind, type WantedEngine } from '@retort/contracts';
import type { SqlRunner } from '@retort/store';
import type { Clocked } from '../change.js';
import type { KindLimits } from '../dispatch/dispatch.js';
import { countBy, readStanding, type Standing } from '../dispatch/standing.js';
import type { WaitingFor } from './views.js';

/** What jobs are read with, so that it can be said what they wait for. */
export interface JobReading extends Clocked {
  readonly kindLimits: KindLimits;
}

/** A job as its waiting is explained from. */
export interface WaitingJob {
  readonly id: string;
  readonly status: string;
  /** Parents that have not succeeded. */
  readonly waitingFor: number;
  /** The equal job that is computed, whose result it takes over. */
  readonly followsId: string | null;
}

/** What waits in the outbox for a queued job. */
export interface Awaited {
  readonly availableAt: Date;
  readonly apiKeyId: string;
  readonly kind: JobKind;
  readonly engine: WantedEngine | '';
  readonly sent: boolean;
  /** Tasks of its API key that may run at once; null for no bound. */
  readonly keyLimit: number | null;
}

/**
 * What each of some jobs waits for, by its identifier; nothing is said of those that run or have ended.
 *
 * It takes two queries where any job is queued, and none where none is.
 */
export async function readWaiting(
  { db, now, kindLimits }: JobReading,
  jobs: readonly WaitingJob[],
): Promise<Map<string, WaitingFor>> {
  const waits = new Map<string, WaitingFor>();
  for (const { id, status, waitingFor, followsId } of jobs) {
    if (status === 'blocked') waits.set(id, followsId === null ? forParents(waitingFor) : forEqual(followsId));
    if (status === 'paused') waits.set(id, { what: 'resume', detail: 'it is paused until it is resumed' });
  }
  const queued = jobs.filter(({ status }) => status === 'queued').map(({ id }) => id);
  if (queued.length === 0) return waits;
  const awaited = await readAwaited(db.sql, queued);
  const standing = await readStanding(db.sql, now);
  for (const [id, task] of awaited) waits.set(id, explainWait(task, standing, { now, kindLimits }));
  return waits;
}

/** What keeps a queued task from starting. */
export function explainWait(
  { availableAt, apiKeyId, kind, engine, sent, keyLimit }: Awaited,
  standing: Standing,
  { now, kindLimits }: { now: Date; kindLimits: KindLimits },
): WaitingFor {
  if (availableAt > now) {
    const until = availableAt.toISOString();
    return { what: 'retry', until, detail: `its next attempt is due at ${until}` };
  }
  const { slots, running } = standing;
  if (slots.size === 0) return { what: 'worker', workers: 0, detail: 'no worker is online' };
  const serving = (enginesServing(engine || undefined) ?? [...slots.keys()]).filter((name) => slots.has(name));
  if (engine && serving.length === 0) {
    const wanted = engine === 'gpu' ? 'a GPU' : `the engine ${engine}`;
    const there = [...slots.keys()].sort().join(', ');
    return {
      what: 'engine',
      engine,
      workers: 0,
      detail: `no worker online has ${wanted}; those that are have ${there}`,
    };
  }
  const underWay = [...running, ...standing.sent];
  if (!sent) {
    const ofKey = countBy(underWay, (load) => load.apiKeyId).get(apiKeyId) ?? 0;
    if (keyLimit !== null && ofKey >= keyLimit) return forLimit('api_key', ofKey, keyLimit, 'of its API key');
    const ofKind = countBy(underWay, (load) => load.kind).get(kind) ?? 0;
    const allowed = kindLimits.get(kind);
    if (allowed !== undefined && ofKind >= allowed) return forLimit(kind, ofKind, allowed, `of the kind ${kind}`);
  }
  const onEngine = countBy(running, (load) => load.engine);
  const of = serving.reduce((total, name) => total + slots.get(name)!, 0);
  const taken = serving.reduce((total, name) => total + (onEngine.get(name) ?? 0), 0);
  return { what: 'slot', running: taken, slots: of, detail: `${taken} of the ${of} slots that it can have are taken` };
}

function forParents(parents: number): WaitingFor {
  const detail = parents === 1 ? 'one job must succeed before it' : `${parents} jobs must succeed before it`;
  return { what: 'parents', parents, detail };
}

function forEqual(job: string): WaitingFor {
  return { what: 'job', job, detail: `${job} is equal and computed already: its result is taken over` };
}

function forLimit(limit: JobKind | 'api_key', running: number, allowed: number, whose: string): WaitingFor {
  const detail = `${running} tasks ${whose} run or are about to, of the ${allowed} that may`;
  return { what: 'limit', limit, running, allowed, detail };
}

/** Of a job with many tasks that wait, the one that can go first. */
async function readAwaited(sql: SqlRunner, jobIds: readonly string[]): Promise<Map<string, Awaited>> {
  const rows = await sql.$queryRaw<
    {
      job_id: string;
      available_at: Date;
      api_key_id: string;
      kind: JobKind;
      engine: WantedEngine | '';
      sent: boolean;
      max_running: number | null;
    }[]
  >`
    SELECT DISTINCT ON (job_id) job_id, available_at, api_key_id, kind::text, engine, sent_at IS NOT NULL AS sent, max_running
    FROM tasks JOIN outbox ON task_id = tasks.id LEFT JOIN api_keys ON api_keys.id = api_key_id
    WHERE job_id = ANY(${jobIds}::text[])
    ORDER BY job_id, available_at`;
  return new Map(
    rows.map((row) => [
      row.job_id,
      {
        availableAt: row.available_at,
        apiKeyId: row.api_key_id,
        kind: row.kind,
        engine: row.engine,
        sent: row.sent,
        keyLimit: row.max_running,
      },
    ]),
  );
}
