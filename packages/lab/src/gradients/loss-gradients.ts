import { sum, tensor1d } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';
import type { Loss } from '../losses/loss.js';
import { backward, type BackwardPass } from './backward.js';

/**
 * The gradient of each example's loss by its pixels, in float32 as every framework computes it.
 *
 * @param images `n` images, one after the other, pixels in [0, 1]
 * @param labels `n` classes
 */
export async function lossGradients(
  classifier: Classifier,
  images: Float32Array,
  labels: ArrayLike<number>,
  loss: Loss,
): Promise<BackwardPass> {
  return backward(classifier, images, (logits) => sum(loss(logits, tensor1d(Int32Array.from(labels), 'int32'))));
}
