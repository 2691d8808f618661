import type { SpecProblem } from '@retort/contracts';
import { acceptOnce, type Acceptance, type Entered } from './accept-once.js';
import type { Clocked } from './change.js';
import { enterExperiment } from './enter-experiment.js';
import { planInTurns } from './plan/plan.js';
import type { IsKept } from './reusable.js';
import { missingUploads } from './uploads.js';

export type Submission = Acceptance | Invalid;
type Invalid = { outcome: 'invalid'; problems: SpecProblem[] };

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
  const { plan } = planning;
  return acceptOnce(clocked, { apiKeyId, idempotencyKey, body }, async (tx): Promise<Entered | Invalid> => {
    const problems = await missingUploads(tx, body, plan.jobs);
    if (problems.length > 0) return { outcome: 'invalid', problems };
    const entered = await enterExperiment(tx, plan, { now: clocked.now, apiKeyId, isKept });
    return { outcome: 'entered', ...entered };
  });
}
