import type { Evaluation, EvaluationCheck, Rate } from '@retort/contracts';
import { rateOf } from '@retort/statistics';
import type { Evidence } from './verdict.js';
import { percent } from './wording.js';

/** More examples than this are not suggested. */
const MOST_EXAMPLES = 1_000_000;

/** What to run next, in sentences: for what is inconclusive, and for a robust net what has not been tried. */
export function nextSteps(evidence: Evidence, verdict: Evaluation['verdict']): string[] {
  if (verdict === 'masked' || verdict === 'broken') return [];
  const { threat, robustAccuracy, checks } = evidence;
  const steps = checks.flatMap((check) => {
    if (check.name === 'sample-size' && check.status === 'failed') {
      return [moreExamples(robustAccuracy, threat.required_accuracy)];
    }
    if (check.name === 'transfer' && check.status === 'not-run') {
      return [
        'Name surrogates: adversarial examples made on nets of the same task, trained otherwise, test what a hidden gradient cannot hide.',
      ];
    }
    return check.status === 'failed' ? afterFailed(check, threat.effort) : [];
  });
  if (verdict === 'robust' && threat.effort === 'quick') {
    steps.push('Evaluate with "effort": "standard" before you rely on it: "quick" stops early.');
  }
  return [...new Set(steps)];
}

function afterFailed({ name, concern, evidence }: EvaluationCheck, effort: string): string[] {
  if (concern === 'randomness') {
    return [
      'Evaluate the same net without its noise, and with more draws (a higher effort); what randomisation truly gives is certified by smoothing (Cohen et al. 2019, arXiv 1902.02918).',
    ];
  }
  if (concern !== 'illusion') return [];
  switch (name) {
    case 'probability-outputs':
      return ['Give the net without its last softmax: differences of probabilities saturate in float32.'];
    case 'zero-gradients':
      return [
        'No attack had a gradient to follow. Run `hop-skip-jump`, which sees classes only, with more queries; and name for surrogate a copy of the net with something differentiable where its gradient stops (BPDA: Athalye et al. 2018, arXiv 1802.00420).',
      ];
    case 'convergence':
      return [`Attack for longer: ${higher(effort)}.`];
    case 'large-epsilon':
    case 'growing-epsilon':
      return [
        'Run `hop-skip-jump` and `square`, which need no gradient, with more queries, and look at whether the gradient reaches the input at all.',
      ];
    default:
      return [
        `Attacks without gradients still win where those with them fail (${evidence}) Give them more: ${higher(effort)}.`,
      ];
  }
}

function higher(effort: string): string {
  return effort === 'quick'
    ? 'use "effort": "standard"'
    : effort === 'standard'
      ? 'use "effort": "thorough"'
      : 'run the attacks by themselves with more steps, restarts and queries';
}

/** How many examples decide on which side of the requirement a net lies, if the rate stays as it is. */
function moreExamples({ rate }: Rate, required: number): string {
  for (let of = 100; of <= MOST_EXAMPLES; of = Math.ceil(of * 1.1)) {
    const { low, high } = rateOf(Math.round(rate * of), of);
    if (low >= required || high < required) {
      return `Evaluate at least ${of} examples: if the robust accuracy stays near ${percent(rate)} %, their interval no longer holds the required ${percent(required)} %.`;
    }
  }
  return `The robust accuracy of ${percent(rate)} % is so near the required ${percent(required)} % that no number of examples tells them apart: require another.`;
}
