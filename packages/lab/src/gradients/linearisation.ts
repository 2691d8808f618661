import { clone, gather, grad, mul, sum, tensor1d, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';
import { differentiated } from './differentiated.js';

/** A forward pass of a batch that is kept, so that many derivatives can be drawn from it. */
export interface Linearisation {
  /** What the classifier said, `[n, classes]`. */
  readonly logits: Tensor2D;
  /**
   * The gradients, by the pixels, of weighted sums of logits: a vector-Jacobian product a row, all in one backward pass.
   *
   * @param weights `[m, classes]`: what each logit counts in each sum
   * @param of the place in the batch of the image that each sum is of, `m` numbers
   * @returns `[m, ...inputShape]`; the caller disposes it
   */
  pull(weights: Tensor2D, of: readonly number[]): Tensor;
  /** Frees the logits and all else that was kept. */
  dispose(): void;
}

/**
 * The classifier linearised at each image of a batch; one that keeps no pass of its own goes forward again for each row
 * of weights.
 */
export function linearise(classifier: Classifier, batch: Tensor): Linearisation {
  if (classifier.linearise) return classifier.linearise(batch);
  const [images, logits] = tidy(() => [clone(batch), classifier.logits(batch)] as [Tensor, Tensor2D]);
  return {
    logits,
    pull: (weights, of) => {
      const slope = grad((input) => sum(mul(classifier.logits(input), weights)));
      return tidy(() => differentiated(() => slope(picked(images, of))));
    },
    dispose: () => {
      images.dispose();
      logits.dispose();
    },
  };
}

/**
 * The same with something made of the logits, as the classifier's new logits.
 *
 * @param inner is freed with what is given back, or at once where that fails
 * @param output what is made of the logits `[m, classes]` of images at some places in the batch
 */
export function linearisedOutput(
  inner: Linearisation,
  output: (logits: Tensor2D, of: readonly number[]) => Tensor2D,
): Linearisation {
  const everyPlace = Array.from({ length: inner.logits.shape[0] }, (_, at) => at);
  let logits: Tensor2D;
  try {
    logits = tidy(() => output(inner.logits, everyPlace));
  } catch (error) {
    inner.dispose();
    throw error;
  }
  return {
    logits,
    pull: (weights, of) =>
      tidy(() => {
        const slope = grad((z) => output(z as Tensor2D, of));
        const pulled = differentiated(() => slope(picked(inner.logits, of), weights));
        return inner.pull(pulled as Tensor2D, of);
      }),
    dispose: () => {
      logits.dispose();
      inner.dispose();
    },
  };
}

/** The entries of a batch at some places, in their order. */
export function picked<T extends Tensor>(batch: T, of: readonly number[]): T {
  const all = of.length === batch.shape[0] && of.every((place, at) => place === at);
  return all ? batch : gather(batch, tensor1d(Int32Array.from(of), 'int32'));
}
