import type { ExperimentSpec } from '@retort/contracts';
import type { Database } from '@retort/store';
import { acceptOnce, type Acceptance, type Entered } from './accept-once.js';
import type { Clocked } from './change.js';
import { enterExperiment } from './enter-experiment.js';
import { planAgain } from './plan/plan-again.js';
import type { Plan } from './plan/plan.js';
import type { IsKept } from './reusable.js';

export type Retry = Acceptance | Refusal;
type Refusal = { outcome: 'absent' } | { outcome: 'running' } | { outcome: 'not_retryable'; detail: string };

/**
 * Computes again what an experiment that has finished left without success, in a new experiment of the same jobs; what
 * has succeeded is taken over. The old one stays as it ended.
 *
 * @param apiKeyId whose the new experiment is; null for a service without keys
 * @param idempotencyKey the same key of the same owner is answered with the experiment that it made before
 * @param isKept looks for the artifacts of what is reused; where absent, they are taken to be there
 */
export async function retryExperiment(
  clocked: Clocked,
  {
    experimentId,
    apiKeyId = null,
    idempotencyKey,
    isKept = () => Promise.resolve(true),
  }: { experimentId: string; apiKeyId?: string | null; idempotencyKey?: string; isKept?: IsKept },
): Promise<Retry> {
  // An experiment that has finished does not change any more.
  const found = await findRetryable(clocked.db, experimentId);
  const body = { retry_of: experimentId };
  return acceptOnce(clocked, { apiKeyId, idempotencyKey, body }, async (tx): Promise<Entered | Refusal> => {
    if (found.outcome !== 'retryable') return found;
    // Nobody deletes it meanwhile; what its jobs were given and have found is there as long as they are.
    const [kept] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM experiments WHERE id = ${experimentId} FOR SHARE`;
    if (!kept) return { outcome: 'absent' };
    const { now } = clocked;
    const entered = await enterExperiment(tx, found.plan, { now, apiKeyId, retryOf: experimentId, isKept });
    return { outcome: 'entered', ...entered };
  });
}

async function findRetryable({ sql }: Database, id: string): Promise<Refusal | { outcome: 'retryable'; plan: Plan }> {
  const [experiment] = await sql.$queryRaw<
    { spec: ExperimentSpec; finished: boolean; succeeded: boolean; verifies: string | null }[]
  >`
    SELECT spec, finished_at IS NOT NULL AS finished,
      NOT EXISTS (SELECT FROM jobs WHERE experiment_id = experiments.id AND status <> 'succeeded') AS succeeded,
      (SELECT original_id FROM jobs JOIN verifications ON job_id = jobs.id
       WHERE experiment_id = experiments.id AND ordinal = 0) AS verifies
    FROM experiments WHERE id = ${id}`;
  if (!experiment) return { outcome: 'absent' };
  if (!experiment.finished) return { outcome: 'running' };
  if (experiment.succeeded) {
    const detail = `Every job of ${id} has succeeded: there is nothing to compute again.`;
    return { outcome: 'not_retryable', detail };
  }
  if (experiment.verifies !== null) {
    const detail = `${id} verifies ${experiment.verifies}: ask for another verification with POST /v1/jobs/${experiment.verifies}/verify.`;
    return { outcome: 'not_retryable', detail };
  }
  const planning = await planAgain(sql, id, experiment.spec);
  if (planning.ok) return { outcome: 'retryable', plan: planning.plan };
  const [{ pointer, message, remedy }] = planning.problems as [(typeof planning.problems)[number]];
  return { outcome: 'not_retryable', detail: `${pointer} of ${id} ${message}: ${remedy}.` };
}
