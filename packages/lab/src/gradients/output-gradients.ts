import { mul, sum, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';
import { backward, type BackwardPass } from './backward.js';

/**
 * The gradient by the pixels of a weighted sum of each example's outputs: a vector-Jacobian product.
 *
 * @param images `n` images, one after the other, pixels in [0, 1]
 * @param weights `n x classes`: what each output counts in its example's sum
 * @param output what is made of the logits, `[n, classes]` again; the logits themselves where absent
 */
export async function outputGradients(
  classifier: Classifier,
  images: Float32Array,
  weights: Float32Array,
  output: (logits: Tensor2D) => Tensor2D = (logits) => logits,
): Promise<BackwardPass> {
  const shape: [number, number] = [weights.length / classifier.classes, classifier.classes];
  return backward(classifier, images, (logits) => sum(mul(output(logits), tensor2d(weights, shape))));
}
