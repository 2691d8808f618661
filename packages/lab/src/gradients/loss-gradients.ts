import { keep, sum, tensor1d, tensor2d, tidy, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';
import { logitLosses } from '../losses/loss-values.js';
import type { Loss } from '../losses/loss.js';
import { backward, type BackwardPass } from './backward.js';
import { concatenated, rows } from './rows.js';

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
  const { evaluate, ofRow, derivativeOfRow } = loss;
  const classes = () => tensor1d(Int32Array.from(labels), 'int32');
  let losses: Tensor1D | undefined;
  const objective = (logits: Tensor2D) => {
    losses = keep(loss(logits, classes()));
    return sum(losses);
  };
  const stated =
    evaluate &&
    ((logits: Tensor2D) =>
      tidy(() => {
        const { value, derivative } = evaluate(logits, classes());
        losses = keep(value);
        return derivative;
      }));
  const statedOfRows =
    derivativeOfRow &&
    (async (logits: Tensor2D) => {
      const logitRows = rows((await logits.data()) as Float32Array, classifier.classes);
      return tensor2d(concatenated(logitRows.map((row, at) => derivativeOfRow(row, labels[at]!))), logits.shape);
    });
  try {
    const pass = await backward(classifier, images, objective, statedOfRows ?? stated);
    if (ofRow) return { ...pass, losses: await logitLosses(pass.logits, labels, loss) };
    return { ...pass, losses: (await losses!.data()) as Float32Array };
  } finally {
    losses?.dispose();
  }
}
