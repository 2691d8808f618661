import { markdownTable } from '../measuring/markdown.js';
import type { Comparison, Failure, Library } from './comparison.js';
import type { Measurement } from './measurement.js';

/** What one library's attack reached on every example of a net. */
export interface Row {
  readonly comparison: Comparison;
  readonly library: 'retort' | Library;
  /** What the library calls the attack. */
  readonly attack: string;
  readonly measurement: Measurement | Failure;
}

const COLUMNS = ['library', 'success', 'mean', 'median', 'gradients', 'forwards', 'seconds'];

/** The rows as a Markdown table, with each comparison named at its first row. */
export function table(rows: readonly Row[]): string {
  const named = rows.map((row, at) => [
    row.comparison === rows[at - 1]?.comparison ? '' : title(row.comparison),
    ...values(row),
  ]);
  return markdownTable(['attack', ...COLUMNS], named);
}

/** One row in a line of its own, for whoever watches. */
export function line(row: Row): string {
  return [title(row.comparison), ...values(row)].join('  ');
}

function title({ name, net, measure, radius }: Comparison): string {
  const within = radius === undefined ? `least ${SYMBOL[measure]}` : `${SYMBOL[measure]} ≤ ${radius}`;
  return `${name}; ${within}${net === 'standard' ? '' : '; T = 20'}`;
}

const SYMBOL = { linf: 'Linf', l2: 'L2', l1: 'L1', l0: 'L0' };

function values({ library, attack, measurement }: Row): string[] {
  const label = library === 'retort' ? '**retort**' : `${library} \`${attack}\``;
  if ('error' in measurement) return [label, `failed: ${measurement.error}`, '', '', '', '', ''];
  const { successes, examples, outside, mean, median, gradients, forwards, seconds } = measurement;
  return [
    label,
    `${successes}/${examples}${outside > 0 ? ` (${outside} more outside)` : ''}`,
    distance(mean),
    distance(median),
    gradients.toFixed(1),
    forwards.toFixed(1),
    seconds.toFixed(1),
  ];
}

function distance(value: number | null): string {
  return value === null ? '—' : value.toPrecision(5);
}
