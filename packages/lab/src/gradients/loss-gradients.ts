import { keep, sum, tensor1d, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';
import type { Loss } from '../losses/loss.js';
import { backward, type BackwardPass } from './backward.js';

/** A backward pass from a loss, with the loss itself. */
export interface LossPass extends BackwardPass {
  /** One loss an example. */
  readonly losses: Float32Array;
}

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
): Promise<LossPass> {
  let losses: Tensor1D | undefined;
  try {
    const { evaluate } = loss;
    const classes = () => tensor1d(Int32Array.from(labels), 'int32');
    const objective = (logits: Tensor2D) => {
      losses = keep(loss(logits, classes()));
      return sum(losses);
    };
    const stated =
      evaluate &&
      ((logits: Tensor2D) => {
        const { value, derivative } = evaluate(logits, classes());
        losses = keep(value);
        return derivative;
      });
    const pass = await backward(classifier, images, objective, stated);
    return { ...pass, losses: (await losses!.data()) as Float32Array };
  } finally {
    losses?.dispose();
  }
}
