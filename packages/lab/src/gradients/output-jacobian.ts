import { setImmediate } from 'node:timers/promises';
import { tensor, tensor2d, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';
import { size } from '../nets/plan.js';
import { exampleCount } from './backward.js';
import { linearise, linearisedOutput, type Linearisation } from './linearisation.js';
import { rows } from './rows.js';

/** A weighted sum of an image's outputs, whose gradient is wanted. */
export interface WeightedSum {
  /** The image's place in the batch. */
  readonly of: number;
  /** What each output counts. */
  readonly weights: readonly number[];
}

/** What a forward pass said, and the gradients drawn from it. */
export interface JacobianPass {
  /** `n x classes` */
  readonly logits: Float32Array;
  /** One number a pixel for each sum that was asked for. */
  readonly gradients: Float32Array[];
}

/**
 * The gradients, by the pixels, of any number of weighted sums of each image's outputs, from one forward pass.
 *
 * @param images `n` images, one after the other, pixels in [0, 1]
 * @param sums chosen once the logits `n x classes` are known
 * @param output what is made of the logits, `[n, classes]` again; the logits themselves where absent
 * @param atATime how many gradients are taken in one backward pass; it changes memory and speed
 * @param signal stops between two passes
 */
export async function outputJacobian(
  classifier: Classifier,
  images: Float32Array,
  sums: (logits: Float32Array) => readonly WeightedSum[],
  { output, atATime, signal }: { output?: (logits: Tensor2D) => Tensor2D; atATime: number; signal?: AbortSignal },
): Promise<JacobianPass> {
  // The backends hold the event loop while they compute, so that a message to cancel is heard only between passes.
  await setImmediate();
  const pixels = size(classifier.inputShape);
  let kept: Linearisation | undefined;
  try {
    const linearised = linearisedAt(classifier, images);
    kept = linearised;
    const logits = await read(linearised.logits);
    const wanted = sums(logits);
    if (output && wanted.length > 0) kept = linearisedOutput(linearised, output);
    const gradients: Float32Array[] = [];
    for (let first = 0; first < wanted.length; first += atATime) {
      await setImmediate();
      signal?.throwIfAborted();
      gradients.push(...rows(await pulled(kept, wanted.slice(first, first + atATime)), pixels));
    }
    return { logits, gradients };
  } finally {
    kept?.dispose();
  }
}

function linearisedAt(classifier: Classifier, images: Float32Array): Linearisation {
  const batch = tensor(images, [exampleCount(classifier, images), ...classifier.inputShape]);
  try {
    return linearise(classifier, batch);
  } finally {
    batch.dispose();
  }
}

async function pulled(linearisation: Linearisation, sums: readonly WeightedSum[]): Promise<Float32Array> {
  const of = sums.map((sum) => sum.of);
  const weights = Float32Array.from(sums.flatMap((sum) => sum.weights));
  const gradients = tidy(() => linearisation.pull(tensor2d(weights, [of.length, weights.length / of.length]), of));
  try {
    return await read(gradients);
  } finally {
    gradients.dispose();
  }
}

async function read(values: Tensor): Promise<Float32Array> {
  return (await values.data()) as Float32Array;
}
