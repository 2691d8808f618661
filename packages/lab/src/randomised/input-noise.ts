import { add, tensor, tidy } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import type { Classifier } from '../classifier.js';

/**
 * The classifier with Gaussian noise added to its input at each forward pass: a randomised classifier.
 *
 * The noise comes from a stream that goes on from pass to pass, so that the same passes in the same order give the same
 * answers, but the same image gets another one each time. Noisy pixels are not clipped to [0, 1].
 *
 * @param deviation the noise's standard deviation in pixel units, 0 or more; 0 leaves the classifier as it is
 * @param seed names the stream
 * @throws RangeError when the deviation is not a finite number from 0
 */
export function withInputNoise(classifier: Classifier, deviation: number, seed: number): Classifier {
  if (!(deviation >= 0 && Number.isFinite(deviation))) {
    throw new RangeError(`the standard deviation of input noise must be a finite number from 0, not ${deviation}`);
  }
  if (deviation === 0) return classifier;
  const random = Random.stream(seed, 'input-noise');
  return {
    inputShape: classifier.inputShape,
    classes: classifier.classes,
    rejection: classifier.rejection,
    randomised: true,
    logits: (batch) =>
      tidy(() => {
        const noise = Float32Array.from({ length: batch.size }, () => deviation * random.normal());
        return classifier.logits(add(batch, tensor(noise, batch.shape)));
      }),
  };
}
