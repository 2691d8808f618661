/**
 * The iterations at which Auto-PGD may halve its step size: ⌈p_j · steps⌉, where p_0 = 0, p_1 = 0.22 and
 * p_{j+1} = p_j + max(p_j - p_{j-1} - 0.03, 0.06), as long as p_j ≤ 1.
 *
 * Croce and Hein 2020, arXiv 2003.01690, section 3. Reckoned in whole hundredths, which float64 adds without error.
 *
 * @param steps of one run, at least 1
 * @returns rising iterations, each once, without iteration 0
 */
export function stepSizeCheckpoints(steps: number): number[] {
  const checkpoints = new Set<number>();
  let [earlier, hundredths] = [0, 22];
  while (hundredths <= 100) {
    checkpoints.add(Math.ceil((hundredths * steps) / 100));
    [earlier, hundredths] = [hundredths, hundredths + Math.max(hundredths - earlier - 3, 6)];
  }
  return [...checkpoints];
}
