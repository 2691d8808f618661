/**
 * Measures each contestant once a round, in turns, so that a slow spell of the machine meets all of them.
 *
 * @param measure measures one contestant once
 * @returns the repeats of each contestant, in the order of the rounds
 */
export async function interleaved<T, M>(
  contestants: readonly T[],
  rounds: number,
  measure: (contestant: T) => Promise<M>,
): Promise<M[][]> {
  const repeats: M[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    // Each round begins with another contestant: what comes after what is no one's advantage.
    for (let turn = 0; turn < contestants.length; turn++) {
      const at = (round + turn) % contestants.length;
      repeats[at]!.push(await measure(contestants[at]!));
    }
  }
  return repeats;
}
