/**
 * The softmax of each row of logits at a temperature: exp(z_i / T) / Σ_j exp(z_j / T), computed in float64.
 *
 * @param logits `n x classes`, row after row
 * @param temperature T, above 0
 * @returns probabilities in the same order; each row sums to 1 within the rounding of float32
 */
export function softmaxAt(logits: Float32Array, classes: number, temperature: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let first = 0; first < logits.length; first += classes) {
    const row = logits.subarray(first, first + classes);
    const normaliser = logSumExpAt(row, temperature);
    for (let column = 0; column < classes; column++) {
      probabilities[first + column] = Math.exp(row[column]! / temperature - normaliser);
    }
  }
  return probabilities;
}

/** log Σ_j exp(z_j / T) in float64; the largest logit is taken out first, so that nothing overflows. */
export function logSumExpAt(row: Float32Array, temperature: number): number {
  let largest = -Infinity;
  for (const logit of row) largest = Math.max(largest, logit / temperature);
  let sum = 0;
  for (const logit of row) sum += Math.exp(logit / temperature - largest);
  return largest + Math.log(sum);
}
