import type { Comparison } from '../parity/comparison.js';
import { comparisons } from '../parity/comparisons.js';

/** An attack that is timed beside its peers. */
export interface Race {
  readonly comparison: Comparison;
  /** How many examples are attacked: enough that it takes a second or so. */
  readonly examples: number;
}

/** The attacks that are timed, with the examples each gets on the small net. */
const races: readonly Race[] = [
  race('FGSM', 'linf', 512),
  race('PGD-40, from the image', 'linf', 256),
  race('APGD-CE, 100 steps', 'linf', 128),
  race('C&W, 5 x 200 steps, c from 0.1', 'l2', 32),
  race('DeepFool, 50 steps', 'l2', 64),
  race('JSMA on logits, to the next class', 'l0', 32),
  race('Square, 1000 queries', 'linf', 64),
  race('DDN, 100 steps', 'l2', 128),
];

/**
 * The attacks that are timed whose name holds every one of some words.
 *
 * @throws RangeError where there are none
 */
export function racesOf(words: readonly string[]): readonly Race[] {
  const chosen = races.filter(({ comparison: { name } }) =>
    words.every((word) => name.toLowerCase().includes(word.toLowerCase())),
  );
  if (chosen.length === 0) throw new RangeError(`no attack that is timed holds ${words.join(' and ')}`);
  return chosen;
}

function race(name: string, measure: Comparison['measure'], examples: number): Race {
  const comparison = comparisons.find((each) => each.name === name && each.measure === measure);
  if (!comparison) throw new Error(`bench/parity compares no ${name} in ${measure}`);
  return { comparison, examples };
}
