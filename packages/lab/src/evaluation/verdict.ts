import type { Evaluation, EvaluationCheck, EvaluationParameters, Rate } from '@retort/contracts';
import { nextSteps } from './next-steps.js';
import { reasonsFor } from './reasons.js';

/** Everything that a verdict rests on. */
export interface Evidence {
  readonly threat: EvaluationParameters;
  /** Worst case over every attack. */
  readonly robustAccuracy: Rate;
  /** What a naive attack would have reported. */
  readonly naiveRobustAccuracy: Rate;
  readonly checks: readonly EvaluationCheck[];
}

/** What follows from the evidence. */
export type Judgement = Pick<Evaluation, 'verdict' | 'masking' | 'randomised' | 'reasons' | 'next'>;

/** The checks in which another attack is measured against the naive one: those that prove masking at work. */
const COMPARISONS = ['naive-loss', 'single-step', 'black-box', 'decision-based', 'transfer', 'random-noise'];

/**
 * The verdict on a net, from rates and checks alone.
 *
 * - It **falls** where the whole 95 % Wilson interval of the worst-case accuracy lies below the requirement. Adversarial
 *   images are proof whatever the checks say. `masked` if the naive attack would have reported the required accuracy and
 *   a comparison shows that it is misled; else `broken`.
 * - It **holds** where the whole interval lies at or above the requirement. `robust` if no check fails that betrays too
 *   weak an attack or a random answer. Signs of masking do not speak against it: the worst case comes from attacks that
 *   masking cannot stop, and where these too are in doubt a check of the other kind says so.
 * - All else is `inconclusive`.
 *
 * `masking` and `randomised` stand beside the verdict, whatever it is.
 */
export function judge(evidence: Evidence): Judgement {
  const { checks } = evidence;
  const masking = checks.some(({ name, status }) => COMPARISONS.includes(name) && status === 'failed');
  const randomised = checks.some(({ concern, status }) => concern === 'randomness' && status === 'failed');
  const verdict = verdictOn(evidence, masking);
  return {
    verdict,
    masking,
    randomised,
    reasons: reasonsFor(evidence, verdict, masking),
    next: nextSteps(evidence, verdict),
  };
}

function verdictOn(evidence: Evidence, masking: boolean): Evaluation['verdict'] {
  const { threat, robustAccuracy, naiveRobustAccuracy, checks } = evidence;
  const required = threat.required_accuracy;
  if (robustAccuracy.high < required) {
    return masking && naiveRobustAccuracy.rate >= required ? 'masked' : 'broken';
  }
  if (robustAccuracy.low < required) return 'inconclusive';
  const doubted = checks.some(
    ({ concern, status }) => status === 'failed' && (concern === 'illusion' || concern === 'randomness'),
  );
  return doubted ? 'inconclusive' : 'robust';
}
