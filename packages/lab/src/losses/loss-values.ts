import { setImmediate } from 'node:timers/promises';
import { tensor, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier.js';
import { rows } from '../gradients/rows.js';
import type { Loss } from './loss.js';

/**
 * The loss of each row of logits.
 *
 * @param logits `n x classes`, row after row
 * @param labels `n` classes
 */
export async function logitLosses(logits: Float32Array, labels: ArrayLike<number>, loss: Loss): Promise<Float32Array> {
  const { ofRow } = loss;
  if (ofRow)
    return Float32Array.from(rows(logits, logits.length / labels.length), (row, at) => ofRow(row, labels[at]!));
  const values = tidy(() => {
    const shape: [number, number] = [labels.length, logits.length / labels.length];
    return loss(tensor2d(logits, shape), tensor1d(Int32Array.from(labels), 'int32'));
  });
  try {
    return (await values.data()) as Float32Array;
  } finally {
    values.dispose();
  }
}

/**
 * The loss of each image, in one forward pass.
 *
 * @param images `n` images, one after the other, pixels in [0, 1]
 * @param labels `n` classes
 */
export async function lossValues(
  classifier: Classifier,
  images: Float32Array,
  labels: ArrayLike<number>,
  loss: Loss,
): Promise<Float32Array> {
  await setImmediate();
  const values = tidy(() => {
    const batch = tensor(images, [labels.length, ...classifier.inputShape]);
    return loss(classifier.logits(batch), tensor1d(Int32Array.from(labels), 'int32'));
  });
  try {
    return (await values.data()) as Float32Array;
  } finally {
    values.dispose();
  }
}
