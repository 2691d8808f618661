import type { EvaluationCheck, Rate } from '@retort/contracts';
import { mcNemar, rateOfTrue } from '@retort/statistics';
import { digits, percent } from '../wording.js';
import { SIGNIFICANT } from './material.js';

/** What the same attack reached with one radius. */
export interface AtEpsilon {
  /** In pixel units. */
  readonly epsilon: number;
  /** Whether it fools the net, for each example. */
  readonly fooled: readonly boolean[];
}

/**
 * Whether accuracy falls as epsilon grows: a larger ball holds every image of a smaller one.
 *
 * @param curve radii in ascending order, the same examples at each
 */
export function growingEpsilon(curve: readonly AtEpsilon[]): EvaluationCheck {
  const accuracies = curve.map(({ epsilon, fooled }) => ({ epsilon, rate: resisting(fooled) }));
  const rises = curve.slice(1).filter(({ fooled }, at) => {
    const { onlyFirst, onlySecond, p } = mcNemar(curve[at]!.fooled, fooled);
    return onlyFirst > onlySecond && p < SIGNIFICANT;
  });
  return {
    name: 'growing-epsilon',
    title: 'Growing epsilon',
    question: 'Does the accuracy under the same attack fall as epsilon grows?',
    concern: 'illusion',
    measured: accuracies.map(({ epsilon, rate }) => ({ what: `resist at epsilon ${digits(epsilon)}`, rate })),
    threshold: `no rise from one epsilon to the next with p below ${SIGNIFICANT} (McNemar's exact test)`,
    status: rises.length > 0 ? 'failed' : 'passed',
    evidence: `${accuracies.map(({ epsilon, rate }) => `${percent(rate.rate)} % resist at epsilon ${digits(epsilon)}`).join(', ')} (of ${accuracies[0]?.rate.of ?? 0} examples).`,
    paper: 'Carlini et al. 2019, arXiv 1902.06705, section 4.4',
  };
}

function resisting(fooled: readonly boolean[]): Rate {
  return rateOfTrue(fooled.map((success) => !success));
}
