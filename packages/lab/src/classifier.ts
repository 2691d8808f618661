import { div, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { linearise, linearisedOutput, type Linearisation } from './gradients/linearisation.js';

/** What every attack and metric works on: a differentiable map from a batch of inputs to logits, in inference mode. */
export interface Classifier {
  /** The shape of one example, without the batch: `[28, 28, 1]` for MNIST. */
  readonly inputShape: readonly number[];
  /** The number of classes, at least 2. */
  readonly classes: number;
  /**
   * The class, always the last, by which the classifier rejects an image as an outlier; absent where it has none. No example
   * is of that class: to predict it is wrong on a clean image, and on an adversarial one it is detection, not success.
   */
  readonly rejection?: number;
  /** Whether the same image can get other logits each time; absent where it cannot. */
  readonly randomised?: boolean;
  /** The logits `[n, classes]` of a batch `[n, ...inputShape]` with pixels in [0, 1]; the caller disposes them. */
  logits(batch: Tensor): Tensor2D;
  /**
   * The same with the pass kept, so that many derivatives cost one forward pass; absent where the classifier keeps none.
   * The caller disposes it, outside of any `tidy`.
   */
  linearise?(batch: Tensor): Linearisation;
}

/** How many classes an example can be of: all but the one that rejects. */
export function exampleClasses({ classes, rejection }: Pick<Classifier, 'classes' | 'rejection'>): number {
  return rejection === undefined ? classes : classes - 1;
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
  const scaled = (logits: Tensor2D) => div<Tensor2D>(logits, temperature);
  return {
    inputShape: classifier.inputShape,
    classes: classifier.classes,
    rejection: classifier.rejection,
    randomised: classifier.randomised,
    logits: (batch) => tidy(() => scaled(classifier.logits(batch))),
    linearise: (batch) => linearisedOutput(linearise(classifier, batch), scaled),
  };
}
