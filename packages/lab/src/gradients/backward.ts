import { setImmediate } from 'node:timers/promises';
import { grad, keep, tensor, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';
import { size } from '../nets/plan.js';
import { differentiated } from './differentiated.js';
import type { Linearisation } from './linearisation.js';

/** What a batch's forward and backward pass give, one example after the other. */
export interface BackwardPass {
  /** `n x classes` */
  readonly logits: Float32Array;
  /** `n x pixels`: the derivative of the objective by each pixel. */
  readonly gradients: Float32Array;
}

/** From a batch's logits `[n, classes]` to a scalar's derivative by them, which the caller disposes. */
type Derivative = (logits: Tensor2D) => Tensor2D | Promise<Tensor2D>;

/**
 * One forward and one backward pass of a batch.
 *
 * @param images `n` images, one after the other, pixels in [0, 1]
 * @param objective what is differentiated: a scalar made of the batch's logits `[n, classes]`
 * @param derivative of the objective by those logits, where it is known; called in place of the objective or not at all
 * @throws RangeError when `images` does not hold whole images
 */
export async function backward(
  classifier: Classifier,
  images: Float32Array,
  objective: (logits: Tensor2D) => Tensor,
  derivative: Derivative = derivativeOf(objective),
): Promise<BackwardPass> {
  // The backends hold the event loop while they compute, so that a message to cancel is heard only between passes.
  await setImmediate();
  const batch = tensor(images, [exampleCount(classifier, images), ...classifier.inputShape]);
  try {
    // One that draws anew in each pass, as one with a wrapper around it may, has to differentiate the pass that it answered in.
    if (classifier.linearise && !classifier.randomised)
      return await throughKept(classifier.linearise(batch), derivative);
    return await throughTape(classifier, batch, objective);
  } finally {
    batch.dispose();
  }
}

function derivativeOf(objective: (logits: Tensor2D) => Tensor): Derivative {
  const slope = grad((logits) => objective(logits as Tensor2D));
  return (logits) => tidy(() => differentiated(() => slope(logits) as Tensor2D));
}

/** By the pass that the classifier keeps, which costs less than TensorFlow.js's record of every operation; to the same bits. */
async function throughKept(kept: Linearisation, derivative: Derivative): Promise<BackwardPass> {
  let slopes: Tensor2D | undefined;
  let gradients: Tensor | undefined;
  try {
    const everyPlace = Array.from({ length: kept.logits.shape[0] }, (_, at) => at);
    slopes = await derivative(kept.logits);
    gradients = kept.pull(slopes, everyPlace);
    return { logits: await read(kept.logits), gradients: await read(gradients) };
  } finally {
    slopes?.dispose();
    gradients?.dispose();
    kept.dispose();
  }
}

async function throughTape(
  classifier: Classifier,
  batch: Tensor,
  objective: (logits: Tensor2D) => Tensor,
): Promise<BackwardPass> {
  let logits: Tensor2D | undefined;
  let gradients: Tensor | undefined;
  try {
    gradients = tidy(() => {
      const gradient = grad((input) => {
        logits = keep(classifier.logits(input));
        return objective(logits);
      });
      return differentiated(() => gradient(batch));
    });
    return { logits: await read(logits!), gradients: await read(gradients) };
  } finally {
    logits?.dispose();
    gradients?.dispose();
  }
}

/**
 * How many images of the classifier's input shape the values are.
 *
 * @throws RangeError when they are not whole images
 */
export function exampleCount(classifier: Classifier, images: Float32Array): number {
  const pixels = size(classifier.inputShape);
  if (images.length % pixels !== 0) {
    throw new RangeError(`images of ${pixels} values each cannot be ${images.length} values`);
  }
  return images.length / pixels;
}

async function read(values: Tensor): Promise<Float32Array> {
  return (await values.data()) as Float32Array;
}
