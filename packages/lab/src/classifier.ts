import { div, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

/** What every attack and metric works on: a differentiable map from a batch of inputs to logits, in inference mode. */
export interface Classifier {
  /** The shape of one example, without the batch: `[28, 28, 1]` for MNIST. */
  readonly inputShape: readonly number[];
  /** The number of classes, at least 2. */
  readonly classes: number;
  /** The logits `[n, classes]` of a batch `[n, ...inputShape]` with pixels in [0, 1]; the caller disposes them. */
  logits(batch: Tensor): Tensor2D;
}

/**
 * The classifier as it is deployed: its logits divided by a temperature.
 *
 * A temperature of 1/20 multiplies them by 20, which is the logit-scaled control: no label changes, only the gradients.
 *
 * @param temperature above 0; 1 leaves the classifier as it is
 */
export function deployAt(classifier: Classifier, temperature: number): Classifier {
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new RangeError(`a deployment temperature must be a finite number above 0, not ${temperature}`);
  }
  if (temperature === 1) return classifier;
  return {
    inputShape: classifier.inputShape,
    classes: classifier.classes,
    logits: (batch) => tidy(() => div<Tensor2D>(classifier.logits(batch), temperature)),
  };
}
