import { setImmediate } from 'node:timers/promises';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { BatchSize } from './batch-size.js';
import type { Classifier } from './classifier.js';
import { size } from './nets/plan.js';

/**
 * The logits of many images, batch by batch.
 *
 * @param images `count` images, one after the other, pixels in [0, 1]
 * @param batchSize how many go through the classifier at a time, 256 where absent; it changes memory and speed
 * @param signal stops between two batches
 * @returns `count x classes` logits, one image after the other
 * @throws RangeError when `images` does not hold `count` images; the signal's reason when it is aborted
 */
export async function predictLogits(
  classifier: Classifier,
  images: Float32Array,
  count: number,
  batchSize?: number | BatchSize,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const pixels = size(classifier.inputShape);
  if (images.length !== count * pixels) {
    throw new RangeError(`${count} images of ${pixels} values each are ${count * pixels} values, not ${images.length}`);
  }
  const logits = new Float32Array(count * classifier.classes);
  await BatchSize.of(batchSize, 256).each(count, async (first, end) => {
    signal?.throwIfAborted();
    const batch = images.subarray(first * pixels, end * pixels);
    const output = tidy(() => classifier.logits(tensor(batch, [end - first, ...classifier.inputShape])));
    try {
      logits.set(await output.data(), first * classifier.classes);
    } finally {
      output.dispose();
    }
    await setImmediate();
  });
  return logits;
}

/**
 * The classes that a classifier gives many images; see {@link predictLogits} for the arguments.
 *
 * @returns one class an image
 * @throws RangeError when an image gets a logit that is no number
 */
export async function predictLabels(
  classifier: Classifier,
  images: Float32Array,
  count: number,
  batchSize?: number | BatchSize,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  return largestLogits(await predictLogits(classifier, images, count, batchSize, signal), classifier.classes);
}

/**
 * The class of the largest logit of each row; of equal ones, the first.
 *
 * @param logits `n x classes`, row after row
 * @throws RangeError when a logit is no number, since no class would be right
 */
export function largestLogits(logits: Float32Array, classes: number): Uint8Array {
  const labels = new Uint8Array(logits.length / classes);
  for (let row = 0; row < labels.length; row++) {
    let best = 0;
    for (let column = 0; column < classes; column++) {
      const logit = logits[row * classes + column]!;
      if (Number.isNaN(logit)) throw new RangeError(`the logit of class ${column} of image ${row} is NaN`);
      if (logit > logits[row * classes + best]!) best = column;
    }
    labels[row] = best;
  }
  return labels;
}
