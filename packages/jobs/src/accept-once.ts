import type { SqlTransaction } from '@retort/store';
import { commit, settleFollowers, type Change, type Clocked } from './change.js';
import type { Follower } from './followers.js';
import { bodyHash } from './plan/fingerprint.js';
import { experimentView, type ExperimentRow } from './read/experiments.js';
import type { ExperimentView } from './read/views.js';

/** Milliseconds in which the largest experiment is written. */
const TIME_LIMIT_MS = 60_000;

/** What becomes of a request for an experiment that is not refused. */
export type Acceptance =
  | { outcome: 'accepted'; experimentId: string; replayed: false; experiment: ExperimentView }
  | { outcome: 'accepted'; experimentId: string; replayed: true }
  | { outcome: 'key_reused'; experimentId: string };

/** An experiment that was entered and is to be committed. */
export interface Entered {
  readonly outcome: 'entered';
  readonly change: Change;
  readonly row: ExperimentRow;
}

/**
 * Enters an experiment in one transaction, once for each key.
 *
 * @param apiKeyId whose experiment it is; null for a service without keys
 * @param idempotencyKey the same key of the same owner with the same body is answered with the experiment that it made before
 * @param body what was asked for
 * @param enter writes the experiment, or refuses to; not called where the key has made one
 */
export async function acceptOnce<Refusal extends { outcome: string }>(
  clocked: Clocked,
  { apiKeyId, idempotencyKey, body }: { apiKeyId: string | null; idempotencyKey?: string; body: unknown },
  enter: (tx: SqlTransaction) => Promise<Entered | Refusal>,
): Promise<Acceptance | Refusal> {
  const owner = apiKeyId ?? '';
  let followers: readonly Follower[] = [];
  const acceptance = await clocked.db.transaction(
    async (tx): Promise<Acceptance | Refusal> => {
      const known = idempotencyKey === undefined ? undefined : await enteredWith(tx, owner, idempotencyKey);
      if (known) {
        const { experimentId } = known;
        const same = known.bodySha256 === bodyHash(body);
        return same ? { outcome: 'accepted', experimentId, replayed: true } : { outcome: 'key_reused', experimentId };
      }
      const entered = await enter(tx);
      if (!isEntered(entered)) return entered;
      const { change, row } = entered;
      const { experimentId } = change;
      if (idempotencyKey !== undefined) {
        tx.$send`
          INSERT INTO idempotency_keys (owner, key, body_sha256, experiment_id)
          VALUES (${owner}, ${idempotencyKey}, ${bodyHash(body)}, ${experimentId})`;
      }
      followers = await commit(change);
      return { outcome: 'accepted', experimentId, replayed: false, experiment: experimentView(row) };
    },
    { timeLimitMs: TIME_LIMIT_MS },
  );
  await settleFollowers(clocked, followers);
  return acceptance;
}

function isEntered(entered: { outcome: string }): entered is Entered {
  return entered.outcome === 'entered';
}

/** Equal keys queue up here, so that of a hundred at once one writes and the others find what it wrote. */
async function enteredWith(
  tx: SqlTransaction,
  owner: string,
  key: string,
): Promise<{ experimentId: string; bodySha256: string } | undefined> {
  tx.$send`SELECT pg_advisory_xact_lock(hashtextextended(${owner + key}, 0))`;
  const [known] = await tx.$queryRaw<{ experimentId: string; bodySha256: string }[]>`
    SELECT experiment_id AS "experimentId", body_sha256 AS "bodySha256" FROM idempotency_keys
    WHERE owner = ${owner} AND key = ${key}`;
  return known;
}
