import { rateText } from '../number-format.js';
import type { EvaluationCell, NetRow } from './summary.js';

/** The verdict of every evaluation that has one, a sentence each. */
export function verdictsText(rows: readonly NetRow[]): string {
  const sentences = rows.flatMap(({ label, made, evaluations }) =>
    evaluations.map((cell) => sentenceOn(`${label} (${made})`, cell)),
  );
  return sentences.filter(Boolean).join(' ') || 'No evaluation has a verdict yet.';
}

function sentenceOn(
  net: string,
  { threat, verdict, robust_accuracy, naive_robust_accuracy, randomised }: EvaluationCell,
) {
  if (!verdict || !robust_accuracy || !naive_robust_accuracy) return '';
  const claim = `within ${threat.norm} ${threat.epsilon}`;
  const left = `the strongest attacks together leave ${rateText(robust_accuracy)}`;
  const naive =
    verdict === 'masked' ? `, where a naive attack would have reported ${rateText(naive_robust_accuracy)}` : '';
  return `${net} is ${verdict} ${claim}: ${left} of the images that it classifies correctly${naive}.${randomised ? ' Its answers are randomised.' : ''}`;
}
