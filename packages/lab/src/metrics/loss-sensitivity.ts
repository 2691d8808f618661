import { fromJsonNumber, toJsonNumber, type LossSensitivityResult } from '@retort/contracts';
import { bootstrapIntervals, distributionOf } from '@retort/statistics';
import type { Classifier } from '../classifier.js';
import { exactGradients } from '../gradients/exact-gradients.js';
import { rows } from '../gradients/rows.js';
import { size } from '../nets/plan.js';
import { classHistogram } from './class-histogram.js';
import { measureInBatches, type MeasuredExamples } from './example-batches.js';

/**
 * The mean norm of the cross-entropy's input gradient: L1 as in Arpit et al. (2017, arXiv 1706.05394), L2 as in ART.
 *
 * The gradient is combined in log space, so that a net with large logits has a small sensitivity and not 0. One
 * backward pass an example.
 *
 * @throws RangeError when the images and labels do not fit, or a logit is not finite
 */
export async function lossSensitivity(examples: MeasuredExamples): Promise<LossSensitivityResult> {
  const { classifier, labels, temperature = 1 } = examples;
  const norms = await measureInBatches(examples, (images, given) => log10Norms(classifier, images, given, temperature));
  return {
    examples: labels.length,
    loss: `cross-entropy at T=${temperature}`,
    l1: normOf(norms.map(({ l1 }) => l1)),
    l2: normOf(norms.map(({ l2 }) => l2)),
    class_histogram: classHistogram(labels, classifier.classes),
  };
}

/** log10 of the L1 and L2 norm of each example's gradient. */
async function log10Norms(
  classifier: Classifier,
  images: Float32Array,
  labels: readonly number[],
  temperature: number,
): Promise<{ l1: number; l2: number }[]> {
  const { directions, logScales } = await exactGradients(classifier, images, labels, temperature);
  return rows(directions, size(classifier.inputShape)).map((direction, at) => {
    const log10Scale = logScales[at]! / Math.LN10;
    const sum = direction.reduce((total, value) => total + Math.abs(value), 0);
    const squares = direction.reduce((total, value) => total + value * value, 0);
    return { l1: log10Scale + Math.log10(sum), l2: log10Scale + Math.log10(squares) / 2 };
  });
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
