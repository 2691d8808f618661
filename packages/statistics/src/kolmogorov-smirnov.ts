/**
 * The Kolmogorov-Smirnov test of a sample against a distribution.
 *
 * @param cdf the distribution's share at or below a value
 * @returns the largest distance of the two, and its asymptotic p-value, which is too large where the distribution was
 *   fitted to the same sample
 */
export function kolmogorovSmirnov(
  values: ArrayLike<number>,
  cdf: (value: number) => number,
): { statistic: number; p: number } {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  const statistic = sorted.reduce((most, value, at) => {
    const share = cdf(value);
    return Math.max(most, share - at / count, (at + 1) / count - share);
  }, 0);
  return { statistic, p: kolmogorovTail(Math.sqrt(count) * statistic) };
}

/** The upper tail of the Kolmogorov distribution: 2 Σ (-1)^(k-1) exp(-2 k² x²). */
function kolmogorovTail(x: number): number {
  // The series is 1 to all digits of a double here, and no longer alternates within a few terms.
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}
