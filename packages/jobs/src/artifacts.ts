import { finished } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import {
  ArtifactError,
  openArtifactStore,
  type ArtifactLocation,
  type ArtifactStore,
  type Database,
  type SqlRunner,
} from '@retort/store';
import type { ArtifactState } from './read/views.js';

/** Seconds within which a process that took up artifacts to collect them has removed their bytes, or never will. */
export const COLLECTING_SECONDS = 60;

/** Milliseconds between two looks at an artifact that is being removed, mostly within one of them. */
const LOOK_MS = 100;

/**
 * Enters bytes that are about to be kept, so that they are not collected while nothing refers to them yet.
 *
 * Waits while they are being removed; where the process that was at it died, until its last request must have ended.
 *
 * @returns writes down that they are there; until then nothing can refer to what nobody has kept before
 */
export async function registerArtifact(
  db: Database,
  { sha256, bytes, mediaType }: { sha256: string; bytes: number; mediaType: string },
): Promise<() => Promise<void>> {
  for (;;) {
    const [registered] = await db.sql.$queryRaw<{ entry: bigint }[]>`
      WITH registered AS (
        INSERT INTO artifacts (sha256, bytes, media_type, lost_at) VALUES (${sha256}, ${bytes}, ${mediaType}, now())
        ON CONFLICT (sha256) DO UPDATE SET renewed_at = now(), collected_at = NULL,
          entry = CASE WHEN artifacts.collected_at IS NULL THEN artifacts.entry ELSE excluded.entry END,
          lost_at = CASE WHEN artifacts.collected_at IS NULL THEN artifacts.lost_at ELSE now() END
        WHERE artifacts.collected_at IS NULL
          OR artifacts.collected_at < now() - ${COLLECTING_SECONDS} * interval '1 second'
        RETURNING sha256, entry),
      released AS (INSERT INTO artifact_releases (sha256) SELECT sha256 FROM registered)
      SELECT entry FROM registered`;
    if (registered) return () => confirmArtifact(db, { sha256, ...registered });
    await setTimeout(LOOK_MS);
  }
}

/** Bytes that were kept for an entry which is gone were collected with it: they are not those of the next one. */
async function confirmArtifact(db: Database, { sha256, entry }: { sha256: string; entry: bigint }): Promise<void> {
  await db.sql.$executeRaw`
    UPDATE artifacts SET lost_at = NULL WHERE sha256 = ${sha256} AND entry = ${entry} AND lost_at IS NOT NULL`;
}

/** Opens the store of artifacts, which enters in the database whatever it is about to keep. */
export function openArtifacts(db: Database, location: ArtifactLocation): Promise<ArtifactStore> {
  return openArtifactStore(location, { announce: (artifact) => registerArtifact(db, artifact) });
}

/**
 * Of artifacts that were put, those that were collected since, because nothing referred to them for too long; also where
 * another process has entered the same bytes again and has not kept them.
 *
 * The others stay until the transaction ends, so that it can refer to them.
 */
export async function collectedOf(tx: SqlRunner, sha256s: readonly string[]): Promise<string[]> {
  if (sha256s.length === 0) return [];
  const held = await tx.$queryRaw<{ sha256: string }[]>`
    SELECT sha256 FROM artifacts WHERE sha256 = ANY(${sha256s}) AND collected_at IS NULL AND lost_at IS NULL
    ORDER BY sha256 FOR KEY SHARE`;
  const there = new Set(held.map(({ sha256 }) => sha256));
  return sha256s.filter((sha256) => !there.has(sha256));
}

/** Writes down that the store has not these bytes any more, or others: no result that has such an artifact is reused. */
export async function markLost(tx: SqlRunner, sha256s: readonly string[], now: Date): Promise<void> {
  // Locked in one order, since several may find the same ones lost at the same time.
  await tx.$executeRaw`
    WITH found AS (
      SELECT sha256 FROM artifacts WHERE sha256 = ANY(${sha256s}::text[]) AND lost_at IS NULL
      ORDER BY sha256 FOR NO KEY UPDATE)
    UPDATE artifacts SET lost_at = ${now} FROM found WHERE artifacts.sha256 = found.sha256`;
}

/** Whether the store has bytes under a hash, unread; a store that does not answer is taken to have them. */
export async function isKept(artifacts: ArtifactStore, sha256: string): Promise<boolean> {
  try {
    const { stream } = await artifacts.open(sha256);
    stream.destroy();
    return true;
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return error.ofStore;
  }
}

/** What the store has under a hash, every byte read; an error where it does not answer. */
export async function stateOf(artifacts: ArtifactStore, sha256: string): Promise<ArtifactState> {
  try {
    const { stream } = await artifacts.open(sha256);
    await finished(stream.resume());
    return 'intact';
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.ofStore) throw error;
    return error.code === 'absent' ? 'absent' : 'damaged';
  }
}
