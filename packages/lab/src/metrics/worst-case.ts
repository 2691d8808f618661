/**
 * Which examples some attack of several fools: a net is only as robust as against the best attack on each example.
 *
 * @param successes of each attack, one entry an example, in the same order
 * @throws RangeError when the attacks are none, or were not run on equally many examples
 */
export function worstCase(successes: readonly (readonly boolean[])[]): boolean[] {
  const [first, ...others] = successes;
  if (first === undefined) throw new RangeError('the worst case needs at least one attack');
  const uneven = others.find(({ length }) => length !== first.length);
  if (uneven) throw new RangeError(`the attacks were run on ${first.length} and on ${uneven.length} examples`);
  return first.map((_, at) => successes.some((success) => success[at]));
}
