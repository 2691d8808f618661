import type { SpecProblem } from '@retort/contracts';
import type { SqlTransaction } from '@retort/store';
import { commit, settleFollowers, type Clocked } from './change.js';
import { enterExperiment } from './enter-experiment.js';
import type { Follower } from './followers.js';
import { bodyHash } from './plan/fingerprint.js';
import { planInTurns } from './plan/plan.js';
import { experimentView } from './read/experiments.js';
import type { ExperimentView } from './read/views.js';
import type { IsKept } from './reusable.js';
import { missingUploads } from './uploads.js';

/** Milliseconds in which the largest experiment is written. */
const TIME_LIMIT_MS = 60_000;

export type Submission =
  | { outcome: 'accepted'; experimentId: string; replayed: false; experiment: ExperimentView }
  | { outcome: 'accepted'; experimentId: string; replayed: true }
  | { outcome: 'invalid'; problems: SpecProblem[] }
  | { outcome: 'key_reused'; experimentId: string };

/**
 * Accepts a posted spec: one transaction writes the experiment, its jobs and tasks, the first events and the outbox.
 *
 * @param apiKeyId whose experiment it is; null for a service without keys
 * @param idempotencyKey the same key of the same owner with the same body is answered with the experiment that it made before
 * @param isKept looks for the artifacts of what is reused; where absent, they are taken to be there
 */
export async function submitExperiment(
  clocked: Clocked,
  {
    body,
    apiKeyId = null,
    idempotencyKey,
    isKept = () => Promise.resolve(true),
  }: { body: unknown; apiKeyId?: string | null; idempotencyKey?: string; isKept?: IsKept },
): Promise<Submission> {
  const planning = await planInTurns(body);
  if (!planning.ok) return { outcome: 'invalid', problems: planning.problems };
  const { db, now } = clocked;
  const owner = apiKeyId ?? '';
  let followers: readonly Follower[] = [];
  const submission = await db.transaction(
    async (tx): Promise<Submission> => {
      const known = idempotencyKey === undefined ? undefined : await submittedWith(tx, owner, idempotencyKey);
      if (known) {
        const { experimentId } = known;
        const same = known.bodySha256 === bodyHash(body);
        return same ? { outcome: 'accepted', experimentId, replayed: true } : { outcome: 'key_reused', experimentId };
      }
      const problems = await missingUploads(tx, body, planning.plan.jobs);
      if (problems.length > 0) return { outcome: 'invalid', problems };
      const { change, row } = await enterExperiment(tx, planning.plan, { now, apiKeyId, isKept });
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
  return submission;
}

/** Equal keys queue up here, so that of a hundred at once one writes and the others find what it wrote. */
async function submittedWith(
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
