import type { NetRow, Summary } from '@retort/report';
import { badge, element, table, tableRow } from './element.js';
import { log10Text, rateText } from './number-format.js';

/** What an experiment has found so far: the sentence, a row a net, and a row an attack on a net. */
export function resultTables({ sentence, rows, fallbacks }: Summary): HTMLElement[] {
  return [
    element('div', { class: 'finding' }, element('p', {}, sentence.shows), element('p', {}, sentence.does_not_show)),
    ...fallbacks.map((text) => element('p', { class: 'problem' }, `Done otherwise than asked: ${text}`)),
    element('h2', {}, 'Nets'),
    netTable(rows),
    element('h2', {}, 'Attacks'),
    attackTable(rows),
  ];
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
