/** A value and the ends that it is to lie between. */
const choice = new Float64Array(3);

/**
 * The nearest number between two ends, in float64.
 *
 * One of three is taken by comparisons, since no processor foretells a branch that hangs on a gradient's sign: that takes
 * half as long as to take the smaller and the larger of two.
 *
 * @param low at most `high`
 */
export function clip(value: number, low: number, high: number): number {
  choice[0] = value;
  choice[1] = low;
  choice[2] = high;
  return choice[Number(value < low) + 2 * Number(value > high)]!;
}
