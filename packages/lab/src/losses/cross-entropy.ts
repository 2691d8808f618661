import { cast, div, logSoftmax, mul, neg, oneHot, sum, tidy, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Loss } from './loss.js';

/**
 * The cross-entropy -log softmax(logits / temperature) of the label, in float32 as every framework computes it.
 *
 * Its gradient loses the label's term once the logit margin exceeds about 17 temperatures, and is exactly zero beyond
 * about 87 to 104: that is what masks a gradient. See `exactGradients` for the one that does neither.
 *
 * @param temperature divides the logits, above 0
 */
export function crossEntropy(temperature: number): Loss {
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new RangeError(`the temperature of a cross-entropy must be a finite number above 0, not ${temperature}`);
  }
  return (logits, labels) =>
    tidy(() => {
      const logProbabilities = logSoftmax(temperature === 1 ? logits : div(logits, temperature));
      return neg(sum<Tensor1D>(mul(logProbabilities, cast(oneHot(labels, logits.shape[1]), 'float32')), 1));
    });
}
