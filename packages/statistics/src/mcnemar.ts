/** The outcome of an exact McNemar test. */
export interface McNemar {
  /** Pairs that only the first has. */
  readonly onlyFirst: number;
  /** Pairs that only the second has. */
  readonly onlySecond: number;
  /** Two-sided p-value: how likely so uneven a split of the discordant pairs is if both are equally likely. */
  readonly p: number;
}

/**
 * The exact McNemar test of two paired lists of successes: a binomial test on the pairs that differ (McNemar 1947).
 *
 * @param first whether the first succeeds on each example
 * @param second the same of the second, in the same order
 * @throws RangeError when the lists are not equally long
 */
export function mcNemar(first: readonly boolean[], second: readonly boolean[]): McNemar {
  if (first.length !== second.length) {
    throw new RangeError(`a paired test needs equally long lists, not ${first.length} and ${second.length}`);
  }
  const onlyFirst = first.filter((success, at) => success && !second[at]).length;
  const onlySecond = second.filter((success, at) => success && !first[at]).length;
  const pairs = onlyFirst + onlySecond;
  return { onlyFirst, onlySecond, p: Math.min(1, 2 * binomialTail(Math.min(onlyFirst, onlySecond), pairs)) };
}

/** The chance of at most `count` heads in `tosses` of a fair coin, summed in log space. */
function binomialTail(count: number, tosses: number): number {
  let logTerm = -tosses * Math.LN2;
  let sum = 0;
  for (let heads = 0; heads <= count; heads++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(tosses - heads) - Math.log(heads + 1);
  }
  return sum;
}
