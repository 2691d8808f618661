import type { Comparison, Failure, Run } from './comparison.js';
import type { Measurement } from './measurement.js';

/** A run with what it reached. */
export interface Row extends Omit<Run, 'outcome'> {
  readonly measurement: Measurement | Failure;
}

const COLUMNS = ['library', 'success', 'mean', 'median', 'gradients', 'forwards', 'seconds'];

/** The rows as a Markdown table, ours first in each comparison, with what is measured named in each comparison's head. */
export function table(comparisons: readonly Comparison[], rows: readonly Row[]): string {
  const lines = comparisons.flatMap((comparison) => {
    const own = rows.filter((row) => row.comparison === comparison);
    return own.map((row, at) => cells([at === 0 ? title(comparison) : '', ...values(row)]));
  });
  return [cells(['attack', ...COLUMNS]), cells(['attack', ...COLUMNS].map(() => '---')), ...lines].join('\n');
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

function cells(texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`;
}
