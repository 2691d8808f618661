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
  /** Of each round with all cores; none of a failed run, nor where the time of the processor is measured. */
  readonly allCores: readonly number[];
  /** Of each round with one thread. */
  readonly oneThread: readonly number[];
}

const TITLES = { allCores: 'all cores', oneThread: 'one thread' };

type Threads = keyof typeof TITLES;

/**
 * How many times as long as Retort the fastest peer of equal strength took, then everything that was measured.
 *
 * @param measured with how many threads; what was not is left out
 */
export function attacksTables(
  entries: readonly Entry[],
  measured: readonly Threads[] = ['allCores', 'oneThread'],
): string {
  const comparisons = [...new Set(entries.map(({ comparison }) => comparison))];
  const grouped = comparisons.map((comparison) => entries.filter((entry) => entry.comparison === comparison));
  const head = [
    'attack',
    'examples',
    'fastest peer as strong',
    ...measured.map((threads) => TITLES[threads]),
    ...(measured.length > 1 ? ['Retort with all cores, of one thread'] : []),
  ];
  return [
    '### How many times as fast as the fastest peer of equal strength',
    markdownTable(
      head,
      grouped.map((group) => summary(group, measured)),
    ),
    '### All libraries, in seconds; in parentheses how many times as long as Retort',
    markdownTable(
      ['attack', 'library', 'success', 'mean distance', 'gradients', ...measured.map((threads) => TITLES[threads])],
      grouped.flatMap((group) => details(group, measured)),
    ),
  ].join('\n\n');
}

function summary(entries: readonly Entry[], measured: readonly Threads[]): string[] {
  const { ours, peers } = split(entries);
  const { comparison, reached } = ours;
  const name = [comparison.name, 'error' in reached ? '' : `${reached.examples}`];
  const timed = peers.filter(({ oneThread }) => oneThread.length > 0);
  const strong = timed.filter((peer) => asStrong(peer, ours));
  const label = strong.length > 0 ? '' : timed.length > 0 ? 'none is; of the weaker ' : 'none was measured';
  const eligible = strong.length > 0 ? strong : timed;
  const columns = measured.map((threads) => {
    const fastest = eligible.reduce<Entry | undefined>(
      (best, peer) => (!best || median(peer[threads]) < median(best[threads]) ? peer : best),
      undefined,
    );
    return fastest && { fastest, ratio: written(paired(fastest[threads], ours[threads])) };
  });
  const names = [...new Set(columns.flatMap((column) => column?.fastest.library ?? []))].join(', ');
  const scaling = measured.length > 1 ? [written(paired(ours.oneThread, ours.allCores))] : [];
  return [...name, label + names, ...columns.map((column) => column?.ratio ?? '—'), ...scaling];
}

function details(entries: readonly Entry[], measured: readonly Threads[]): string[][] {
  const { ours } = split(entries);
  return entries.map((entry) => {
    const { comparison, library, attack, reached } = entry;
    const label = entry === ours ? '**retort**' : `${library} \`${attack}\``;
    const name = entry === ours ? comparison.name : '';
    if ('error' in reached) return [name, label, `failed: ${reached.error}`, '', '', ...measured.map(() => '')];
    const { successes, examples, mean, gradients } = reached;
    const seconds = measured.map((threads) => {
      const ratio = entry === ours ? '' : ` (${short(paired(entry[threads], ours[threads]).median)})`;
      return `${short(median(entry[threads]))}${ratio}`;
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
