import {
  cast,
  div,
  exp,
  logSoftmax,
  mul,
  neg,
  oneHot,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { withExplicitGradient } from './explicit-gradient.js';
import type { Loss } from './loss.js';

/**
 * The cross-entropy -log softmax(logits / temperature) of the label, in float32 as every framework computes it.
 *
 * Its gradient loses the label's term once the logit margin exceeds about 17 temperatures, and is exactly zero beyond
 * about 87 to 104: that is what masks a gradient. See `exactGradients` for the one that does neither. It is stated, softmax
 * less the label over the temperature, since that takes a third of the operations that TensorFlow.js derives, to the same bits.
 *
 * @param temperature divides the logits, above 0
 */
export function crossEntropy(temperature: number): Loss {
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new RangeError(`the temperature of a cross-entropy must be a finite number above 0, not ${temperature}`);
  }
  const scaled = (values: Tensor2D) => (temperature === 1 ? values : div<Tensor2D>(values, temperature));
  return withExplicitGradient((logits, labels) => {
    const logProbabilities = logSoftmax(scaled(logits));
    const label = cast(oneHot(labels, logits.shape[1]), 'float32') as Tensor2D;
    return {
      value: neg(sum<Tensor1D>(mul(logProbabilities, label), 1)),
      derivative: scaled(sub<Tensor2D>(exp(logProbabilities), label)),
    };
  });
}
