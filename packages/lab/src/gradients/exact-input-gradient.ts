import { crossEntropyWeights } from './cross-entropy-weights.js';

/** A gradient whose exponent is kept apart: `direction` times ten to the `log10_max_abs`. */
export interface ScaledGradient {
  /** One number a pixel, the largest magnitude 1; all 0 where the gradient is zero. */
  readonly direction: Float64Array;
  /** log10 of the gradient's largest magnitude; -Infinity where it is zero. */
  readonly log10MaxAbs: number;
}

/**
 * The cross-entropy's input gradient at T from the logits and their whole Jacobian, combined in float64 in log space.
 *
 * g = Σ over j ≠ y of p_j (∂z_j - ∂z_y) / T, with the largest p_j factored out. It is the reference for
 * `exactGradients`, which needs one backward pass where the Jacobian needs one a class.
 *
 * @param logits one a class
 * @param jacobian `classes x pixels`, the derivative of each logit by each pixel
 * @param label the class y
 * @param temperature T, above 0
 */
export function exactInputGradient(example: {
  logits: ArrayLike<number>;
  jacobian: ArrayLike<number>;
  label: number;
  temperature: number;
}): ScaledGradient {
  const { logits, jacobian, label, temperature } = example;
  const { weights, logScale } = crossEntropyWeights(logits, label, temperature);
  const pixels = jacobian.length / logits.length;
  const sum = new Float64Array(pixels);
  weights.forEach((weight, row) => {
    if (row === label) return;
    for (let pixel = 0; pixel < pixels; pixel++) {
      sum[pixel]! += weight * (jacobian[row * pixels + pixel]! - jacobian[label * pixels + pixel]!);
    }
  });
  const largest = sum.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (largest === 0) return { direction: sum, log10MaxAbs: -Infinity };
  return { direction: sum.map((value) => value / largest), log10MaxAbs: logScale / Math.LN10 + Math.log10(largest) };
}
