import type { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import { predictLabels } from '../predict.js';

/**
 * The class that a randomised classifier gives each image most often; of equally frequent ones, the first.
 *
 * @param images `count` images, one after the other, pixels in [0, 1]
 * @param passes how many times each image is classified
 * @param signal stops between two batches
 */
export async function mostFrequentLabels(
  classifier: Classifier,
  images: Float32Array,
  count: number,
  { passes, batchSize, signal }: { passes: number; batchSize?: number | BatchSize; signal?: AbortSignal },
): Promise<number[]> {
  const votes = Array.from({ length: count }, () => new Uint32Array(classifier.classes));
  for (let pass = 0; pass < passes; pass++) {
    const labels = await predictLabels(classifier, images, count, batchSize, signal);
    labels.forEach((label, at) => votes[at]![label]!++);
  }
  return votes.map((counts) => counts.indexOf(Math.max(...counts)));
}
