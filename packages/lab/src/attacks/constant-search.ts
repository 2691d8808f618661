import type { CwL2Parameters } from '@retort/contracts';
import type { Example } from './example.js';
import type { Journal } from './journal.js';
import type { Victim } from './victim.js';

/**
 * The search for the smallest constant that weighs the loss heavily enough against the distance: up tenfold until it
 * succeeds, then by halving the interval. Plain data, so that a checkpoint can hold it.
 *
 * Carlini and Wagner 2016, arXiv 1608.04644, section VI.
 */
export interface ConstantSearch {
  /** The constant to be tried. */
  value: number;
  low: number;
  high: number;
}

/**
 * Descends for one constant after another, each of them every example's own.
 *
 * An example that fools already costs a forward pass and is left alone, unless `confidence` asks for more.
 *
 * @param descend brings every example down its objective, and gives those that it fooled; the journal is of this
 *   constant alone
 */
export async function searchConstants(
  victim: Victim,
  examples: readonly Example[],
  parameters: Pick<CwL2Parameters, 'binary_search_steps' | 'initial_constant' | 'confidence'>,
  journal: Journal,
  descend: (constants: ReadonlyMap<Example, ConstantSearch>, journal: Journal) => Promise<ReadonlySet<Example>>,
): Promise<void> {
  const { binary_search_steps, initial_constant, confidence } = parameters;
  const constants = await journal.once('constants', async () => {
    const searching = confidence > 0 ? examples : await victim.unfooled(examples);
    return new Map(searching.map((example) => [example, constantSearch(initial_constant)]));
  });
  for (const search = journal.loop('search'); search.at < binary_search_steps; await search.next()) {
    const succeeded = await descend(constants, search);
    for (const [example, constant] of constants) turn(constant, succeeded.has(example));
  }
}

function constantSearch(initial: number): ConstantSearch {
  return { value: initial, low: 0, high: Infinity };
}

/** Turns to the next constant, after what the present one did. */
function turn(search: ConstantSearch, succeeded: boolean): void {
  if (succeeded) search.high = search.value;
  else search.low = search.value;
  search.value = search.high < Infinity ? (search.low + search.high) / 2 : search.value * 10;
}
