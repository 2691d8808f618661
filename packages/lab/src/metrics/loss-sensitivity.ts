import { fromJsonNumber, toJsonNumber, type LossSensitivityResult } from '@retort/contracts';
import { bootstrapIntervals, distributionOf } from '@retort/statistics';
import type { Classifier } from '../classifier.js';
import { exactGradients } from '../gradients/exact-gradients.js';
import { rows } from '../gradients/rows.js';
import { size } from '../nets/plan.js';
import { classHistogram } from './class-histogram.js';

/**
 * The mean norm of the cross-entropy's input gradient: L1 as in Arpit et al. (2017, arXiv 1706.05394), L2 as in ART.
 *
 * The gradient is combined in log space, so that a net with large logits has a small sensitivity and not 0. One
 * backward pass an example.
 *
 * @param images `n` images, one after the other, pixels in [0, 1]
 * @param labels their `n` true classes
 * @param temperature T, which divides the logits before the softmax; 1 where absent
 * @param batchSize how many go through the classifier at a time, 128 where absent
 * @param signal stops between two batches
 * @param onProgress is told after each batch how many examples are done
 * @throws RangeError when the images and labels do not fit, or a logit is not finite
 */
export async function lossSensitivity(options: {
  classifier: Classifier;
  images: Float32Array;
  labels: ArrayLike<number>;
  temperature?: number;
  batchSize?: number;
  signal?: AbortSignal;
  onProgress?: (done: number, of: number) => void;
}): Promise<LossSensitivityResult> {
  const { classifier, images, temperature = 1, batchSize = 128, signal, onProgress } = options;
  const labels = Array.from(options.labels);
  const pixels = size(classifier.inputShape);
  if (images.length !== labels.length * pixels) {
    throw new RangeError(`${labels.length} images hold ${labels.length * pixels} values, not ${images.length}`);
  }
  const [l1, l2]: [number[], number[]] = [[], []];
  for (let first = 0; first < labels.length; first += batchSize) {
    signal?.throwIfAborted();
    const batch = images.subarray(first * pixels, (first + batchSize) * pixels);
    const given = labels.slice(first, first + batchSize);
    const { directions, logScales } = await exactGradients(classifier, batch, given, temperature);
    rows(directions, pixels).forEach((direction, at) => {
      const log10Scale = logScales[at]! / Math.LN10;
      const sum = direction.reduce((total, value) => total + Math.abs(value), 0);
      const squares = direction.reduce((total, value) => total + value * value, 0);
      l1.push(log10Scale + Math.log10(sum));
      l2.push(log10Scale + Math.log10(squares) / 2);
    });
    onProgress?.(l1.length, labels.length);
  }
  return {
    examples: labels.length,
    loss: `cross-entropy at T=${temperature}`,
    l1: normOf(l1),
    l2: normOf(l2),
    class_histogram: classHistogram(labels, classifier.classes),
  };
}

/** The mean of magnitudes that are given as log10, with the largest factored out. */
function normOf(log10: readonly number[]): LossSensitivityResult['l1'] {
  const largest = log10.reduce((most, value) => Math.max(most, value), -Infinity);
  // Where every gradient is zero, so is the mean.
  const scaled = log10.map((value) => (largest === -Infinity ? 0 : 10 ** (value - largest)));
  const unscaled = (mean: number) => toJsonNumber(Math.log10(mean) + (largest === -Infinity ? 0 : largest));
  const { low, high } = bootstrapIntervals(scaled).mean;
  return {
    log10_mean: unscaled(scaled.reduce((sum, value) => sum + value, 0) / scaled.length),
    log10_mean_interval: { low: unscaled(fromJsonNumber(low)), high: unscaled(fromJsonNumber(high)) },
    log10: distributionOf(log10),
  };
}
