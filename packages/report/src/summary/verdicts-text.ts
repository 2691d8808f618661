import { rateText } from '../number-format.js';
import type { EvaluationCell, NetRow } from './summary.js';

/** What is said of one net by one evaluation that has a verdict. */
interface Judged {
  readonly label: string;
  readonly cell: EvaluationCell;
}

/** The verdict of every evaluation that has one, a sentence for all nets with the same verdict on the same claim. */
export function verdictsText(rows: readonly NetRow[]): string {
  const groups = new Map<string, Judged[]>();
  for (const { label, evaluations } of rows) {
    for (const cell of evaluations.filter(({ verdict }) => verdict !== null)) {
      const key = [cell.verdict, cell.threat.norm, cell.threat.epsilon].join(' ');
      groups.set(key, [...(groups.get(key) ?? []), { label, cell }]);
    }
  }
  return [...groups.values()].map(sentenceOn).join(' ') || 'No evaluation has a verdict yet.';
}

function sentenceOn(judged: readonly Judged[]): string {
  const { verdict, threat } = judged[0]!.cell;
  const nets = judged.map(({ label, cell }) => `${label} (${figures(cell)})`);
  const verb = nets.length === 1 ? 'is' : 'are';
  return `Within ${threat.norm} ${threat.epsilon}, ${nets.join('; ')} ${verb} ${verdict}.`;
}

/** What resists the strongest attacks together, and what the naive one would have reported where it misleads. */
function figures({ robust_accuracy, naive_robust_accuracy, masking, randomised }: EvaluationCell): string {
  const parts = [
    `${rateText(robust_accuracy!)} resist every attack`,
    masking ? `a naive attack would have reported ${rateText(naive_robust_accuracy!)}` : '',
    randomised ? 'its answers are randomised' : '',
  ];
  return parts.filter(Boolean).join(', ');
}
