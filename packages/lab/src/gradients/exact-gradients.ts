import type { Classifier } from '../classifier.js';
import { predictLogits } from '../predict.js';
import { exampleCount } from './backward.js';
import { crossEntropyWeights } from './cross-entropy-weights.js';
import { outputGradients } from './output-gradients.js';
import { rows } from './rows.js';

/** The cross-entropy gradients of a batch: `direction` times e to the `logScale`, for each example. */
export interface ExactGradients {
  /** `n x classes` */
  readonly logits: Float32Array;
  /** `n x pixels`, of the order of the logits' derivatives, however small the gradient itself is. */
  readonly directions: Float32Array;
  /** The natural logarithm of what each example's direction is to be multiplied by. */
  readonly logScales: Float64Array;
  /** The natural logarithm of each label's probability. */
  readonly logProbabilities: Float64Array;
}

/**
 * The gradient of each example's cross-entropy at T by its pixels, which neither underflows nor loses the label's term.
 *
 * The derivative by the logits is taken in log space (see `crossEntropyWeights`) and scaled to a largest weight of 1;
 * one ordinary backward pass carries it to the pixels, where float32 holds it well. It equals the combination of the
 * whole logit Jacobian (`exactInputGradient`) at one backward pass instead of one a class.
 *
 * @param images `n` images, one after the other, pixels in [0, 1]
 * @param labels `n` classes
 * @param temperature T, above 0
 * @param signal looked at before each of the two passes
 * @throws RangeError when a logit is not finite; the signal's reason when it is aborted
 */
export async function exactGradients(
  classifier: Classifier,
  images: Float32Array,
  labels: ArrayLike<number>,
  temperature: number,
  signal?: AbortSignal,
): Promise<ExactGradients> {
  const { classes } = classifier;
  const count = exampleCount(classifier, images);
  const logits = await predictLogits(classifier, images, count, count, signal);
  signal?.throwIfAborted();
  const perExample = rows(logits, classes).map((row, at) => crossEntropyWeights(row, labels[at]!, temperature));
  const weights = new Float32Array(count * classes);
  perExample.forEach((example, at) => weights.set(example.weights, at * classes));
  const { gradients } = await outputGradients(classifier, images, weights);
  return {
    logits,
    directions: gradients,
    logScales: Float64Array.from(perExample, ({ logScale }) => logScale),
    logProbabilities: Float64Array.from(perExample, ({ logProbability }) => logProbability),
  };
}
