import { markdownTable } from '../measuring/markdown.js';
import { ratioOf, short, spreadOf, written, type Spread } from '../measuring/spread.js';
import type { Comparison, Failure, Library } from '../parity/comparison.js';
import type { Measurement } from '../parity/measurement.js';
import { isAsStrong } from './strength.js';

/** What one library needed for an attack, and what it reached. */
export interface Entry {
  readonly comparison: Comparison;
  readonly library: 'retort' | Library;
  /** What the library calls the attack. */
  readonly attack: string;
  readonly reached: Measurement | Failure;
  /** Of each round with all cores; none of a failed run. */
  readonly allCores: readonly number[];
  /** Of each round with one thread. */
  readonly oneThread: readonly number[];
}

/** How many times as long as Retort the fastest peer of equal strength took, then everything that was measured. */
export function attacksTables(entries: readonly Entry[]): string {
  const comparisons = [...new Set(entries.map(({ comparison }) => comparison))];
  const grouped = comparisons.map((comparison) => entries.filter((entry) => entry.comparison === comparison));
  const head = [
    'attack',
    'examples',
    'fastest peer as strong',
    'all cores',
    'one thread',
    'Retort with all cores, of one thread',
  ];
  return [
    '### How many times as fast as the fastest peer of equal strength',
    markdownTable(head, grouped.map(summary)),
    '### All libraries, in seconds; in parentheses how many times as long as Retort',
    markdownTable(
      ['attack', 'library', 'success', 'mean distance', 'gradients', 'all cores', 'one thread'],
      grouped.flatMap(details),
    ),
  ].join('\n\n');
}

function summary(entries: readonly Entry[]): string[] {
  const { ours, peers } = split(entries);
  const { comparison, reached } = ours;
  const name = [comparison.name, 'error' in reached ? '' : `${reached.examples}`];
  const timed = peers.filter(({ allCores }) => allCores.length > 0);
  const strong = timed.filter((peer) => asStrong(peer, ours));
  const label = strong.length > 0 ? '' : timed.length > 0 ? 'none is; of the weaker ' : 'none was measured';
  const eligible = strong.length > 0 ? strong : timed;
  const columns = (['allCores', 'oneThread'] as const).map((threads) => {
    const fastest = eligible.reduce<Entry | undefined>(
      (best, peer) => (!best || median(peer[threads]) < median(best[threads]) ? peer : best),
      undefined,
    );
    return fastest && { fastest, ratio: written(paired(fastest[threads], ours[threads])) };
  });
  const names = [...new Set(columns.flatMap((column) => column?.fastest.library ?? []))].join(', ');
  const scaling = written(paired(ours.oneThread, ours.allCores));
  return [...name, label + names, ...columns.map((column) => column?.ratio ?? '—'), scaling];
}

function details(entries: readonly Entry[]): string[][] {
  const { ours } = split(entries);
  return entries.map((entry) => {
    const { comparison, library, attack, reached } = entry;
    const label = entry === ours ? '**retort**' : `${library} \`${attack}\``;
    const name = entry === ours ? comparison.name : '';
    if ('error' in reached) return [name, label, `failed: ${reached.error}`, '', '', '', ''];
    const { successes, examples, mean, gradients } = reached;
    const seconds = ([entry.allCores, entry.oneThread] as const).map((own, at) => {
      const base = at === 0 ? ours.allCores : ours.oneThread;
      const ratio = entry === ours ? '' : ` (${short(paired(own, base).median)})`;
      return `${short(median(own))}${ratio}`;
    });
    return [name, label, `${successes}/${examples}`, mean?.toPrecision(4) ?? '—', gradients.toFixed(1), ...seconds];
  });
}

function split(entries: readonly Entry[]): { ours: Entry; peers: readonly Entry[] } {
  const ours = entries.find(({ library }) => library === 'retort')!;
  return { ours, peers: entries.filter((entry) => entry !== ours) };
}

function asStrong({ reached }: Entry, ours: Entry): boolean {
  if ('error' in reached || 'error' in ours.reached) return false;
  return isAsStrong(reached, ours.reached, ours.comparison);
}

function median(values: readonly number[]): number {
  return spreadOf(values).median;
}

/** One's seconds over another's in the rounds that both have: what is slow was measured in the first alone. */
function paired(one: readonly number[], other: readonly number[]): Spread {
  const rounds = Math.min(one.length, other.length);
  return ratioOf(one.slice(0, rounds), other.slice(0, rounds));
}
