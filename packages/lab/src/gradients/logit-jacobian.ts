import type { Classifier } from '../classifier.js';
import { size } from '../nets/plan.js';
import { exampleCount } from './backward.js';
import { outputGradients } from './output-gradients.js';

/**
 * The derivative of every logit by every pixel, in as many backward passes as there are classes.
 *
 * @param images `n` images, one after the other, pixels in [0, 1]
 * @returns `n x classes x pixels`, one example after the other
 */
export async function logitJacobian(classifier: Classifier, images: Float32Array): Promise<Float32Array> {
  const { classes } = classifier;
  const pixels = size(classifier.inputShape);
  const count = exampleCount(classifier, images);
  const jacobian = new Float32Array(count * classes * pixels);
  for (let row = 0; row < classes; row++) {
    const weights = Float32Array.from({ length: count * classes }, (_, at) => (at % classes === row ? 1 : 0));
    const { gradients } = await outputGradients(classifier, images, weights);
    for (let example = 0; example < count; example++) {
      const derivative = gradients.subarray(example * pixels, (example + 1) * pixels);
      jacobian.set(derivative, (example * classes + row) * pixels);
    }
  }
  return jacobian;
}
