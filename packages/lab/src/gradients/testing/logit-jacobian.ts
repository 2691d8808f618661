import type { Classifier } from '../../classifier.js';
import { exampleCount } from '../backward.js';
import { outputJacobian } from '../output-jacobian.js';
import { concatenated } from '../rows.js';

/**
 * The derivative of every logit by every pixel, from one forward pass.
 *
 * @param images `n` images, one after the other, pixels in [0, 1]
 * @returns `n x classes x pixels`, one example after the other
 */
export async function logitJacobian(classifier: Classifier, images: Float32Array): Promise<Float32Array> {
  const { classes } = classifier;
  const count = exampleCount(classifier, images);
  const alone = Array.from({ length: classes }, (_, row) =>
    Array.from({ length: classes }, (_, at) => Number(at === row)),
  );
  const sums = () => Array.from({ length: count }, (_, of) => alone.map((weights) => ({ of, weights }))).flat();
  const { gradients } = await outputJacobian(classifier, images, sums, { atATime: count });
  return concatenated(gradients);
}
