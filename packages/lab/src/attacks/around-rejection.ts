import { cast, maximum, oneHot, slice, tensor1d, tidy, tile, where, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';
import { linearise, linearisedOutput } from '../gradients/linearisation.js';

/**
 * A classifier that rejects outliers, as an attack on a batch has to see it: without the class that rejects, and with its
 * logit in place of the label's own wherever it is the larger of the two.
 *
 * To be rejected is then no better than to keep the label, for every loss, saliency and boundary alike, so that no attack
 * is led into the detector: another class wins here exactly where it beats both.
 *
 * @param labels the true class of each image of the batch that it will be given
 * @returns the classifier itself where it rejects nothing
 */
export function aroundRejection(classifier: Classifier, labels: readonly number[]): Classifier {
  const { inputShape, rejection, randomised } = classifier;
  if (rejection === undefined) return classifier;
  const everyLabel = Int32Array.from(labels);
  return {
    inputShape,
    classes: rejection,
    randomised,
    logits: (batch) => tidy(() => around(classifier.logits(batch), rejection, everyLabel)),
    linearise: (batch) =>
      linearisedOutput(linearise(classifier, batch), (logits, of) =>
        around(
          logits,
          rejection,
          Int32Array.from(of, (place) => everyLabel[place]!),
        ),
      ),
  };
}

function around(logits: Tensor2D, rejection: number, labels: Int32Array): Tensor2D {
  const kept = slice(logits, [0, 0], [-1, rejection]);
  // Spread by hand: the gradient of a maximum does not know what was broadcast.
  const outlier = tile(slice(logits, [0, rejection], [-1, 1]), [1, rejection]);
  const own = cast(oneHot(tensor1d(labels, 'int32'), rejection), 'bool');
  return where(own, maximum<Tensor2D>(kept, outlier), kept);
}
