import type { EvaluationCell, NetRow, Summary } from '@retort/report';
import { badge, element, table, tableRow } from './element.js';
import { log10Text, rateText } from './number-format.js';

/** What an experiment has found so far: the sentence, a row a net, and a row an attack on a net. */
export function resultTables({ sentence, rows, fallbacks }: Summary): HTMLElement[] {
  return [
    element('div', { class: 'finding' }, element('p', {}, sentence.shows), element('p', {}, sentence.does_not_show)),
    ...fallbacks.map((text) => element('p', { class: 'problem' }, `Done otherwise than asked: ${text}`)),
    ...verdicts(rows),
    element('h2', {}, 'Nets'),
    netTable(rows),
    element('h2', {}, 'Attacks'),
    attackTable(rows),
  ];
}

/** The verdict of each evaluation, with its reasons and what to run next. */
function verdicts(rows: readonly NetRow[]): HTMLElement[] {
  const cells = rows.flatMap(({ label, evaluations }) => evaluations.map((cell) => ({ label, cell })));
  if (cells.length === 0) return [];
  const headings = ['Net', 'Evaluation', 'Verdict', 'Robust accuracy', 'Naive attack alone', 'Why', 'To run next'];
  const lines = cells.map(({ label, cell }) =>
    tableRow([
      label,
      `${cell.name}: ${cell.threat.norm} ${cell.threat.epsilon}`,
      verdictOf(cell),
      rateText(cell.robust_accuracy),
      rateText(cell.naive_robust_accuracy),
      list(cell.reasons),
      list(cell.next),
    ]),
  );
  const caption = 'Robust accuracy: of the images that the net classifies correctly, with 95 % Wilson intervals';
  return [element('h2', {}, 'Verdicts'), table(caption, headings, lines)];
}

function verdictOf({ verdict, status, randomised }: EvaluationCell): HTMLElement {
  const flag = randomised ? ' (randomised)' : '';
  return element('span', {}, badge(verdict ?? status), flag);
}

function list(sentences: readonly string[]): HTMLElement | null {
  return sentences.length ? element('ul', {}, ...sentences.map((sentence) => element('li', {}, sentence))) : null;
}

function netTable(rows: readonly NetRow[]): HTMLElement {
  const headings = ['Net', 'How made', 'Accuracy', 'Median log10 |gradient|', 'Zero in float32', 'Verdict'];
  const lines = rows.map((row) =>
    tableRow([
      row.label,
      row.made,
      rateText(row.test_accuracy),
      log10Text(row.median_log10_gradient),
      rateText(row.float32_zero),
      badge(row.verdict),
    ]),
  );
  return table('Rates with 95 % Wilson intervals', headings, lines);
}

function attackTable(rows: readonly NetRow[]): HTMLElement {
  const headings = ['Net', 'Attack', 'Kind', 'Success', 'Against reference', 'Pixels changed', 'L2', 'Linf'];
  const lines = rows.flatMap((row) =>
    row.attacks.map((cell) =>
      tableRow([
        row.label,
        cell.name,
        element('span', { class: cell.approach, title: cell.follows }, cell.approach),
        cell.success ? rateText(cell.success) : badge(cell.status),
        cell.ratio === null ? '–' : `${cell.ratio.toFixed(2)} ×`,
        meanText(cell.mean_pixels_changed, 1),
        meanText(cell.mean_l2, 2),
        meanText(cell.mean_linf, 2),
      ]),
    ),
  );
  return table('Means over successes only', headings, lines);
}

function meanText(value: NetRow['attacks'][number]['mean_l2'], digits: number): string {
  return typeof value === 'number' ? value.toFixed(digits) : '–';
}
