import type { JobKind, WantedEngine } from '@retort/contracts';
import type { SqlRunner } from '@retort/store';
import type { Clocked } from '../change.js';
import type { Delivery, DeliveryQueue } from '../delivery.js';
import { choose, isMoreDue, roomIn, type Ahead, type Candidate } from './choose.js';
import { readStanding } from './standing.js';

/** Deliveries sent at a time. */
export const BATCH = 200;

/** How many tasks of each kind may run at once, over all workers; what is not named has no bound. */
export type KindLimits = ReadonlyMap<JobKind, number>;

interface Row extends Candidate {
  readonly id: bigint;
  readonly attempt: number;
  /** Tasks of the key that may run at once; null for no bound. */
  readonly keyLimit: number | null;
}

type Chosen = Delivery & { readonly id: bigint };

/**
 * Sends as many deliveries as the workers have room for, in the order that `choose` gives them.
 *
 * Any number of processes may run it: they choose one after another. What is chosen is marked before it is sent, so that
 * a limit counts it; it is unmarked where Redis does not take it, and the reconciler finds what a crash leaves marked.
 *
 * @returns what was sent; undefined where nothing waits to be
 */
export async function dispatch(
  { db, now }: Clocked,
  queue: Pick<DeliveryQueue, 'send'>,
  { kindLimits, ahead = new Map() }: { kindLimits: KindLimits; ahead?: Ahead },
): Promise<Delivery[] | undefined> {
  const chosen = await db.transaction(async (tx) => {
    const [unsent, seen] = await Promise.all([isAnythingUnsent(tx, now), readStanding(tx, now)]);
    if (!unsent) return undefined;
    // Where all workers are busy, as most of the time, nothing is locked.
    if (!isMoreDue(seen, ahead)) return [];
    const room = [...roomIn(seen, ahead).values()].reduce((total, of) => total + of, 0);
    // A mark that a crash of Postgres takes back is made again, and what was sent is not sent twice: no waiting for the disk.
    tx.$send`SELECT set_config('synchronous_commit', 'off', true)`;
    // A statement of its own: the next ones must see what the process before has chosen.
    tx.$send`SELECT pg_advisory_xact_lock(hashtextextended('retort:dispatch', 0))`;
    const [standing, candidates] = await Promise.all([
      readStanding(tx, now),
      readCandidates(tx, now, Math.min(room, BATCH)),
    ]);
    const limits = { kinds: kindLimits, keys: keyLimitsOf(candidates) };
    const choice = choose(candidates, standing, limits, ahead).slice(0, BATCH);
    return markSent(
      tx,
      now,
      choice.map(({ candidate: { id, taskId, attempt }, engine }) => ({ id, taskId, attempt, engine })),
    );
  });
  if (!chosen || chosen.length === 0) return chosen;
  const deliveries = chosen.map(({ taskId, attempt, engine }) => ({ taskId, attempt, engine }));
  try {
    await queue.send(deliveries);
  } catch (error) {
    await db.sql.$executeRaw`
      UPDATE outbox SET sent_at = NULL, sent_to = NULL
      WHERE id = ANY(${idsOf(chosen)}::bigint[]) AND sent_at = ${now}`;
    throw error;
  }
  return deliveries;
}

/** The question of an idle dispatcher: cheap, and without a lock. */
async function isAnythingUnsent(sql: SqlRunner, now: Date): Promise<boolean> {
  const rows = await sql.$queryRaw<unknown[]>`
    SELECT 1 FROM outbox WHERE sent_at IS NULL AND available_at <= ${now} LIMIT 1`;
  return rows.length > 0;
}

/**
 * The first unsent deliveries of each key, kind and engine.
 *
 * The groups are found by skipping from one to the next in the index, and each is read from its front: the time grows
 * with the number of groups, not with what waits in them.
 */
async function readCandidates(tx: SqlRunner, now: Date, limit: number): Promise<Row[]> {
  const rows = await tx.$queryRaw<
    {
      id: bigint;
      task_id: string;
      attempt: number;
      api_key_id: string;
      kind: JobKind;
      engine: WantedEngine | '';
      place: Date;
      max_running: number | null;
    }[]
  >`
    WITH RECURSIVE groups AS (
      (SELECT api_key_id, kind, engine FROM outbox ORDER BY api_key_id, kind, engine LIMIT 1)
      UNION ALL
      SELECT next.* FROM groups CROSS JOIN LATERAL (
        SELECT outbox.api_key_id, outbox.kind, outbox.engine FROM outbox
        WHERE (outbox.api_key_id, outbox.kind, outbox.engine) > (groups.api_key_id, groups.kind, groups.engine)
        ORDER BY outbox.api_key_id, outbox.kind, outbox.engine LIMIT 1) next)
    SELECT first.*, groups.api_key_id, groups.kind::text, groups.engine, max_running
    FROM groups LEFT JOIN api_keys ON api_keys.id = groups.api_key_id CROSS JOIN LATERAL (
      SELECT outbox.id, task_id, attempt, place FROM outbox
      WHERE outbox.api_key_id = groups.api_key_id AND outbox.kind = groups.kind AND outbox.engine = groups.engine
        AND sent_at IS NULL AND available_at <= ${now}
      ORDER BY outbox.api_key_id, outbox.kind, outbox.engine, place, task_id LIMIT ${limit}) first`;
  return rows.map(({ task_id, api_key_id, max_running, ...row }) => ({
    ...row,
    taskId: task_id,
    apiKeyId: api_key_id,
    keyLimit: max_running,
  }));
}

function keyLimitsOf(candidates: readonly Row[]): Map<string, number> {
  const limits = new Map<string, number>();
  for (const { apiKeyId, keyLimit } of candidates) if (keyLimit !== null) limits.set(apiKeyId, keyLimit);
  return limits;
}

/** Marks as sent, and returns in their order, those that have not been taken out meanwhile. */
async function markSent(tx: SqlRunner, now: Date, chosen: readonly Chosen[]): Promise<Chosen[]> {
  if (chosen.length === 0) return [];
  const marked = await tx.$queryRaw<{ id: bigint }[]>`
    WITH chosen AS (
      SELECT outbox.id, choice.engine
      FROM unnest(${idsOf(chosen)}::bigint[], ${chosen.map(({ engine }) => engine)}::text[])
        AS choice (id, engine)
      JOIN outbox ON outbox.id = choice.id
      WHERE sent_at IS NULL
      FOR UPDATE OF outbox SKIP LOCKED)
    UPDATE outbox SET sent_at = ${now}, sent_to = chosen.engine FROM chosen WHERE outbox.id = chosen.id
    RETURNING outbox.id`;
  const ids = new Set(marked.map(({ id }) => id));
  return chosen.filter(({ id }) => ids.has(id));
}

/** As text, since node-postgres has no array of bigints. */
function idsOf(chosen: readonly Chosen[]): string[] {
  return chosen.map(({ id }) => String(id));
}
