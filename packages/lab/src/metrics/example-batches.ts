import { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import { size } from '../nets/plan.js';

/** Labelled images that something is measured on, batch by batch. */
export interface MeasuredExamples {
  readonly classifier: Classifier;
  /** `n` images, one after the other, pixels in [0, 1]. */
  readonly images: Float32Array;
  /** Their `n` true classes. */
  readonly labels: ArrayLike<number>;
  /** T, which divides the logits before the softmax; 1 where absent. */
  readonly temperature?: number;
  /** How many go through the classifier at a time, 128 where absent. */
  readonly batchSize?: number | BatchSize;
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
  /** Is told after each batch how many examples are done. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * What is measured of each example, batch after batch.
 *
 * @param measure what is known of each example of a batch
 * @throws RangeError when the images and labels do not fit; the signal's reason when it is aborted
 */
export async function measureInBatches<Measured>(
  { classifier, images, labels, batchSize, signal, onProgress }: MeasuredExamples,
  measure: (images: Float32Array, labels: readonly number[]) => Promise<Measured[]>,
): Promise<Measured[]> {
  const classes = Array.from(labels);
  const pixels = size(classifier.inputShape);
  if (images.length !== classes.length * pixels) {
    throw new RangeError(`${classes.length} images hold ${classes.length * pixels} values, not ${images.length}`);
  }
  const measured: Measured[] = [];
  await BatchSize.of(batchSize, 128).each(classes.length, async (first, end) => {
    signal?.throwIfAborted();
    const batch = images.subarray(first * pixels, end * pixels);
    measured.push(...(await measure(batch, classes.slice(first, end))));
    onProgress?.(measured.length, classes.length);
  });
  return measured;
}
