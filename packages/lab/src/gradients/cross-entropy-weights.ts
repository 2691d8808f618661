/** The derivative of a cross-entropy by the logits, with its exponent kept apart. */
export interface CrossEntropyWeights {
  /** One number a class, the largest of the other classes 1; the label's is minus the sum of the others. */
  readonly weights: Float64Array;
  /** The natural logarithm of what the weights are to be multiplied by. */
  readonly logScale: number;
  /** The natural logarithm of the label's probability. */
  readonly logProbability: number;
}

/**
 * The derivative of the cross-entropy at T by the logits, p_j / T for j ≠ y and (p_y - 1) / T, in log space and float64.
 *
 * With 1 - p_y taken as the sum of the other probabilities, and the largest of them factored out, nothing cancels and
 * nothing underflows: even in float64, p_y - 1 is exactly 0 from a logit margin of about 37 temperatures on.
 *
 * @param logits of one example, one a class; at least two, all finite
 * @param label its class y
 * @param temperature T, above 0
 * @throws RangeError when a logit is not finite
 */
export function crossEntropyWeights(
  logits: ArrayLike<number>,
  label: number,
  temperature: number,
): CrossEntropyWeights {
  const scaled = Float64Array.from(logits, (logit) => logit / temperature);
  const infinite = scaled.findIndex((logit) => !Number.isFinite(logit));
  if (infinite >= 0) throw new RangeError(`the logit of class ${infinite} is ${logits[infinite]}, not a finite number`);
  const runnerUp = scaled.reduce(
    (largest, logit, other) => (other === label ? largest : Math.max(largest, logit)),
    -Infinity,
  );
  const weights = scaled.map((logit, other) => (other === label ? 0 : Math.exp(logit - runnerUp)));
  const others = weights.reduce((total, weight) => total + weight, 0);
  weights[label] = -others;
  const logProbability = -softplus(runnerUp + Math.log(others) - scaled[label]!);
  const logRunnerUp = runnerUp - scaled[label]! + logProbability;
  return { weights, logScale: logRunnerUp - Math.log(temperature), logProbability };
}

/** log(1 + e^x), without overflow for large x or loss of what is small. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
