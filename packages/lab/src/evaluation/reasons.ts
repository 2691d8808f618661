import type { Evaluation, EvaluationCheck } from '@retort/contracts';
import type { Evidence } from './verdict.js';
import { digits, inWords, percent } from './wording.js';

const normNames = { linf: 'Linf', l2: 'L2' } as const;

/** Why that verdict, in sentences: the rates first, then what each check that matters found. */
export function reasonsFor(evidence: Evidence, verdict: Evaluation['verdict'], masking: boolean): string[] {
  const { threat, robustAccuracy, naiveRobustAccuracy, checks } = evidence;
  const ball = `${normNames[threat.norm]} ${digits(threat.epsilon)}`;
  const failed = checks.filter(({ status }) => status === 'failed');
  const evidenceOf = (...concerns: EvaluationCheck['concern'][]) =>
    failed.filter(({ concern }) => concerns.includes(concern)).map((check) => check.evidence);
  return [
    `Within ${ball}, ${inWords(robustAccuracy)} correctly classified examples resist every attack; ` +
      `${percent(threat.required_accuracy)} % are required.`,
    `A naive attack, PGD up the float32 cross-entropy at T = 1, would have reported ${inWords(naiveRobustAccuracy)}.`,
    ...conclusion(verdict, masking),
    ...evidenceOf('masking', 'illusion', 'randomness'),
    ...(verdict === 'inconclusive' ? evidenceOf('sample') : []),
  ];
}

function conclusion(verdict: Evaluation['verdict'], masking: boolean): string[] {
  switch (verdict) {
    case 'masked':
      return [
        'The net is broken: its gradient was masked, not its weakness mended, and attacks that masking cannot stop get through.',
      ];
    case 'broken':
      return masking
        ? [
            'The net is broken; its gradient is masked too, but it is below the requirement under the naive attack already.',
          ]
        : ['The net is broken, and no masking made it look otherwise.'];
    case 'robust':
      return masking
        ? ['The net is robust under attacks that masking cannot stop, although its gradient is masked.']
        : ['The net is robust: no check betrays an illusion.'];
    case 'inconclusive':
      return ['Neither robustness nor its absence is shown.'];
  }
}
