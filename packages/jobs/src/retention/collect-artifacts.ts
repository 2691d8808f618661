import type { ArtifactStore, Database } from '@retort/store';
import { COLLECTING_SECONDS } from '../artifacts.js';
import { isReferred } from './referrers.js';

/** Releases that one statement looks at, and statements of one round. */
const BATCH = { size: 200, count: 25 };

/**
 * Seconds from an artifact's mark to the transaction that locks it, and from there to the end of the last request that removes
 * bytes: together less than `COLLECTING_SECONDS`.
 */
const LOCK_SECONDS = 30;
const REMOVE_SECONDS = 20;

export interface Collected {
  readonly artifacts: number;
  readonly bytes: number;
}

/**
 * Removes artifacts to which nothing refers, and their bytes; safe to run in many processes at once.
 *
 * An artifact is marked first. Then, with its row locked, the references are looked for once more, the row is deleted and
 * the bytes are removed, before the lock is. Whoever puts the same bytes meanwhile waits for the row, enters it anew and
 * writes the bytes again. A process that dies in between leaves the mark, which tells the putter how long to wait for
 * its last request (`registerArtifact`), and the next round to try again.
 *
 * @param graceSeconds how long, by the database's clock, an artifact may be without a reference after it was put or released
 */
export async function collectArtifacts(
  db: Database,
  store: ArtifactStore,
  { graceSeconds }: { graceSeconds: number },
): Promise<Collected> {
  const collected = { artifacts: 0, bytes: 0 };
  for (let batch = 0; batch < BATCH.count; batch++) {
    const { looked, marked } = await markUnreferred(db, graceSeconds);
    for (const { bytes } of await removeMarked(db, store, marked)) {
      collected.artifacts++;
      collected.bytes += bytes;
    }
    if (looked < BATCH.size) break;
  }
  return collected;
}

/** Marks the artifacts of the oldest releases that nothing refers to, and those that a dead process had marked. */
async function markUnreferred(db: Database, graceSeconds: number): Promise<{ looked: number; marked: string[] }> {
  const [row] = await db.sql.$queryRaw<{ looked: number; marked: string[] }[]>`
    WITH due AS (
      DELETE FROM artifact_releases WHERE id IN (
        SELECT id FROM artifact_releases WHERE released_at <= now() - ${graceSeconds} * interval '1 second'
        ORDER BY released_at LIMIT ${BATCH.size} FOR UPDATE SKIP LOCKED)
      RETURNING sha256),
    candidates AS (
      SELECT sha256 FROM due
      UNION
      SELECT sha256 FROM artifacts WHERE collected_at < now() - ${COLLECTING_SECONDS} * interval '1 second'),
    unreferred AS (
      SELECT artifacts.sha256 FROM artifacts JOIN candidates ON candidates.sha256 = artifacts.sha256
      WHERE collected_at < now() - ${COLLECTING_SECONDS} * interval '1 second'
        OR (collected_at IS NULL AND renewed_at <= now() - ${graceSeconds} * interval '1 second' AND NOT ${isReferred})
      ORDER BY artifacts.sha256 FOR NO KEY UPDATE OF artifacts),
    marked AS (
      UPDATE artifacts SET collected_at = now() FROM unreferred WHERE artifacts.sha256 = unreferred.sha256
      RETURNING artifacts.sha256)
    SELECT (SELECT count(*)::int FROM due) AS looked, ARRAY(SELECT sha256 FROM marked) AS marked`;
  return row!;
}

/** Deletes marked rows to which nothing refers, and their bytes while the rows are locked. */
async function removeMarked(db: Database, store: ArtifactStore, marked: string[]): Promise<{ bytes: number }[]> {
  if (marked.length === 0) return [];
  const { locked, removed } = await db.transaction(async (tx) => {
    // From here, so that slow statements leave the removal less time, and not a later end.
    const signal = AbortSignal.timeout(REMOVE_SECONDS * 1000);
    const rows = await tx.$queryRaw<{ sha256: string }[]>`
      SELECT sha256 FROM artifacts
      WHERE sha256 = ANY(${marked}) AND collected_at > now() - ${LOCK_SECONDS} * interval '1 second'
      ORDER BY sha256 FOR UPDATE SKIP LOCKED`;
    const locked = rows.map(({ sha256 }) => sha256);
    // Statements of their own: they see every reference that was committed before the locks were taken.
    await tx.$executeRaw`UPDATE artifacts SET collected_at = NULL WHERE sha256 = ANY(${locked}) AND ${isReferred}`;
    const removed = await tx.$queryRaw<{ sha256: string; bytes: number }[]>`
      DELETE FROM artifacts WHERE sha256 = ANY(${locked}) AND NOT ${isReferred} RETURNING sha256, bytes`;
    const hashes = removed.map(({ sha256 }) => sha256);
    await store.remove(hashes, signal);
    return { locked, removed };
  });
  const held = new Set(locked);
  await letGo(
    db,
    marked.filter((sha256) => !held.has(sha256)),
  );
  return removed;
}

/** Leaves alone for now what somebody refers to, or puts, at this moment: nothing of it was removed. */
async function letGo(db: Database, marked: string[]): Promise<void> {
  if (marked.length === 0) return;
  await db.sql.$executeRaw`
    WITH let_go AS (UPDATE artifacts SET collected_at = NULL WHERE sha256 = ANY(${marked}) RETURNING sha256)
    INSERT INTO artifact_releases (sha256) SELECT sha256 FROM let_go`;
}
