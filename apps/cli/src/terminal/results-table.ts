import Table from 'cli-table3';
import { fromJsonNumber, type JsonNumber, type Rate } from '@retort/contracts';
import type { AttackCell, EvaluationCell, NetRow, Summary } from '@retort/report';

/** What an experiment found, as tables of text: the nets, then each attack on each net. */
export function resultsTable(summary: Summary): string {
  const parts = [netTable(summary.rows), attackTable(summary.rows), footnote(summary), verdictTable(summary.rows)];
  return parts.filter(Boolean).join('\n');
}

function netTable(rows: NetRow[]): string {
  const table = plainTable([
    'net',
    'T',
    'deployed at T',
    'test accuracy',
    'median log10 |gradient|',
    'zero in float32',
  ]);
  for (const row of rows) {
    table.push([
      row.label,
      row.training_temperature ?? '–',
      row.deployment_temperature ?? '–',
      rate(row.test_accuracy, 2),
      number(row.median_log10_gradient, 1),
      rate(row.float32_zero, 1),
    ]);
  }
  return table.toString();
}

function attackTable(rows: NetRow[]): string {
  const names = [...new Set(rows.flatMap(({ attacks }) => attacks.map(({ name }) => name)))];
  if (names.length === 0) return '';
  const table = plainTable(['attack', 'follows', ...rows.map(({ label }) => label)]);
  for (const name of names) {
    const cells = rows.map(({ attacks }) => attacks.find((cell) => cell.name === name));
    const one = cells.find((cell) => cell !== undefined)!;
    table.push([`${name}\n(${one.approach})`, one.follows, ...cells.map(attackCell)]);
  }
  return table.toString();
}

function attackCell(cell: AttackCell | undefined): string {
  if (!cell) return '–';
  if (!cell.success) return cell.status;
  const ratio = cell.ratio === null ? '' : `\n${cell.ratio.toFixed(2)} x the reference`;
  const pixels = cell.mean_pixels_changed === null ? '' : `\n${number(cell.mean_pixels_changed, 1)} pixels`;
  return `${rate(cell.success, 1)}${ratio}${pixels}`;
}

/** The verdict of each evaluation, with what the naive attack alone would have made believe. */
function verdictTable(rows: NetRow[]): string {
  const cells = rows.flatMap(({ label, evaluations }) => evaluations.map((cell) => ({ label, cell })));
  if (cells.length === 0) return '';
  const table = plainTable(['evaluation', 'net', 'verdict', 'robust accuracy', 'naive attack alone', 'failed checks']);
  for (const { label, cell } of cells) {
    const { norm, epsilon } = cell.threat;
    table.push([
      `${cell.name}\n(${norm} ${epsilon})`,
      label,
      verdictText(cell),
      rate(cell.robust_accuracy, 1),
      rate(cell.naive_robust_accuracy, 1),
      cell.failed_checks.join('\n') || '–',
    ]);
  }
  return table.toString();
}

function verdictText({ verdict, status, randomised }: EvaluationCell): string {
  return `${verdict ?? status}${randomised ? ' (randomised)' : ''}`;
}

function footnote({ rows }: Summary): string {
  const of = new Set(rows.flatMap(({ attacks }) => attacks.flatMap(({ success }) => success?.of ?? [])));
  if (of.size === 0) return '';
  return (
    `Success over ${[...of].join(' or ')} clean-correct examples, with 95 % Wilson intervals; ` +
    'pixels: mean number changed, over successes only.'
  );
}

/** `84.5 % [79.0, 88.9]` */
function rate(value: Rate | null, digits: number): string {
  if (!value) return '–';
  const percent = (share: number) => (share * 100).toFixed(digits);
  return `${percent(value.rate)} % [${percent(value.low)}, ${percent(value.high)}]`;
}

function number(value: JsonNumber | null, digits: number): string {
  if (value === null) return '–';
  const parsed = fromJsonNumber(value);
  return Number.isFinite(parsed) ? parsed.toFixed(digits) : Number.isNaN(parsed) ? '–' : String(value);
}

function plainTable(head: string[]) {
  return new Table({ head, style: { head: [], border: [] }, wordWrap: true });
}
