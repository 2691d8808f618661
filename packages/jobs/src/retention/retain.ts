import type { Logger } from 'pino';
import type { ArtifactStore, Database } from '@retort/store';
import { collectArtifacts } from './collect-artifacts.js';
import { enterStrays } from './enter-strays.js';
import { applyPolicies, type RetentionTerms } from './policies.js';

/** Seconds after which a file that nobody has written to is a killed writer's. */
const LEFTOVER_SECONDS = 6 * 3600;
const SHELVES = 256;

/** What one round removed, or, of strays, found. */
export interface Retained {
  readonly artifacts: number;
  readonly artifactBytes: number;
  readonly strays: number;
  readonly leftovers: number;
  readonly progressEvents: number;
  readonly events: number;
  readonly images: number;
  readonly weights: number;
  readonly uploads: number;
  readonly idempotencyKeys: number;
  readonly workers: number;
}

/**
 * Removes what is not to be kept any longer: one bounded round, safe in many processes at once.
 *
 * @throws Error where the store is another database's, whose artifacts these would be
 */
export async function retain(db: Database, store: ArtifactStore, terms: RetentionTerms): Promise<Retained> {
  const policies = await applyPolicies(db, terms);
  const [{ id }] = await db.sql.$queryRaw<[{ id: string }]>`SELECT id FROM installation`;
  const owner = await store.claim(id);
  if (owner !== id) {
    throw new Error(
      `the artifact store belongs to the database ${owner}, and this one is ${id}: nothing is collected from it; give each database a store of its own, or, where this database has replaced that one, remove the file "owner" of the store`,
    );
  }
  const strays = await enterStrays(db, store, await nextShelf(db));
  const leftovers = await store.sweepLeftovers(LEFTOVER_SECONDS);
  const { artifacts, bytes } = await collectArtifacts(db, store, { graceSeconds: terms.artifactGraceMinutes * 60 });
  return { ...policies, strays, leftovers, artifacts, artifactBytes: bytes };
}

/** The shelf of the store that is looked through next; each process takes another. */
async function nextShelf(db: Database): Promise<string> {
  const [row] = await db.sql.$queryRaw<{ round: number }[]>`
    INSERT INTO retention_cursors (policy, round) VALUES ('strays', 1)
    ON CONFLICT (policy) DO UPDATE SET round = (retention_cursors.round + 1) % ${SHELVES} RETURNING round`;
  return row!.round.toString(16).padStart(2, '0');
}

/** Whether a round is due that no other process has begun; it counts as begun then. */
async function isDue(db: Database, seconds: number): Promise<boolean> {
  await db.sql.$executeRaw`INSERT INTO retention_cursors (policy) VALUES ('round') ON CONFLICT DO NOTHING`;
  const taken = await db.sql.$executeRaw`
    UPDATE retention_cursors SET ended_at = now()
    WHERE policy = 'round' AND ended_at < now() - ${seconds} * interval '1 second'`;
  return taken > 0;
}

/** Retention that runs until it is closed. */
export interface Retention {
  /** What all rounds of this process have removed. */
  readonly totals: () => Partial<Retained>;
  close(): Promise<void>;
}

/** Begins a round every so many seconds, in one of the processes that share the database. */
export function startRetention(
  db: Database,
  store: ArtifactStore,
  { terms, seconds, log }: { terms: RetentionTerms; seconds: number; log: Logger },
): Retention {
  const totals: Partial<Record<keyof Retained, number>> = {};
  let running: Promise<void> | undefined;
  const round = async () => {
    if (!(await isDue(db, seconds))) return;
    const retained = await retain(db, store, terms);
    const counts = (Object.entries(retained) as [keyof Retained, number][]).filter(([, count]) => count > 0);
    for (const [name, count] of counts) totals[name] = (totals[name] ?? 0) + count;
    if (counts.length > 0) log.info(Object.fromEntries(counts), 'removed what is not to be kept any longer');
  };
  // Looked at more often than a round is due, so that a process that ends leaves no gap.
  const timer = setInterval(
    () => {
      running ??= round()
        .catch((error: unknown) => log.warn({ err: error }, 'retention failed; it is tried again'))
        .finally(() => (running = undefined));
    },
    Math.min(seconds, 30) * 1000,
  );
  return {
    totals: () => totals,
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
