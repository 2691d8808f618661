import {
  div,
  logSoftmax,
  mean,
  mul,
  neg,
  softmax,
  square,
  sub,
  sum,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/**
 * The mean cross-entropy of softmax(logits / T) against target probabilities, from the logits.
 *
 * It never forms a probability, so that nothing is clipped: the ready-made loss of tfjs-layers clips to [1e-7, 1 - 1e-7]
 * and has no gradient at all from a logit margin of 16 on.
 *
 * @param logits `[n, classes]`
 * @param targets `[n, classes]`, each row a distribution
 * @param temperature T, above 0
 */
export function crossEntropyAt(logits: Tensor2D, targets: Tensor2D, temperature: number): Scalar {
  return neg(mean<Scalar>(sum(mul(targets, logSoftmax(div(logits, temperature))), 1)));
}

/**
 * The mean Kullback-Leibler divergence of the answers softmax(logits / T) from other answers, both from the logits:
 * Σ p · (log p - log q).
 *
 * @param logits `[n, classes]`, of p
 * @param others `[n, classes]`, of q
 * @param temperature T, above 0
 */
export function divergenceAt(logits: Tensor2D, others: Tensor2D, temperature: number): Scalar {
  const scaled = div<Tensor2D>(logits, temperature);
  const difference = sub(logSoftmax(scaled), logSoftmax(div<Tensor2D>(others, temperature)));
  return mean<Scalar>(sum(mul(softmax(scaled), difference), 1));
}

/** The L2 penalty: `factor` times the sum of the squared weights. */
export function weightDecay(weights: Tensor, factor: number): Scalar {
  return mul(sum(square(weights)), factor);
}
