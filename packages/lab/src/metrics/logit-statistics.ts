import { toJsonNumber, type LogitsResult } from '@retort/contracts';
import { distributionOf, estimatedDistributionOf } from '@retort/statistics';
import type { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import { rows } from '../gradients/rows.js';
import { largestLogits, predictLogits } from '../predict.js';
import { logSumExpAt } from '../training/softmax.js';
import { accuracy } from './accuracy.js';
import { calibration } from './calibration.js';
import { classHistogram } from './class-histogram.js';

/**
 * How a classifier's logits are scaled, by how much the label's leads, and whether its confidence is earned.
 *
 * One forward pass an example, and float64 after it.
 *
 * @param images `n` images, one after the other, pixels in [0, 1]
 * @param labels their `n` true classes
 * @param batchSize how many go through the classifier at a time
 * @param signal stops between two batches
 * @throws RangeError when the images and labels do not fit, or a logit is not finite
 */
export async function logitStatistics(options: {
  classifier: Classifier;
  images: Float32Array;
  labels: ArrayLike<number>;
  batchSize?: number | BatchSize;
  signal?: AbortSignal;
}): Promise<LogitsResult> {
  const { classifier, images, batchSize, signal } = options;
  const labels = Array.from(options.labels);
  const { classes } = classifier;
  const logits = await predictLogits(classifier, images, labels.length, batchSize, signal);
  const infinite = logits.findIndex((logit) => !Number.isFinite(logit));
  if (infinite >= 0) {
    const [image, label] = [Math.floor(infinite / classes), infinite % classes];
    throw new RangeError(`the logit of class ${label} of image ${image} is ${logits[infinite]}, not a finite number`);
  }
  const predicted = largestLogits(logits, classes);
  const examples = rows(logits, classes);
  const confidences = examples.map((row, at) => Math.exp(row[predicted[at]!]! - logSumExpAt(row, 1)));
  const correct = labels.map((label, at) => predicted[at] === label);
  return {
    examples: labels.length,
    accuracy: accuracy(predicted, labels),
    abs_logit: magnitudeOf(logits),
    margin: estimatedDistributionOf(examples.map((row, at) => marginOf(row, labels[at]!))),
    confidence: estimatedDistributionOf(confidences),
    entropy: distributionOf(examples.map(entropyOf)),
    calibration: calibration(confidences, correct),
    class_histogram: classHistogram(labels, classes),
  };
}

function magnitudeOf(logits: Float32Array): LogitsResult['abs_logit'] {
  const magnitudes = Float64Array.from(logits, Math.abs);
  const mean = magnitudes.reduce((sum, value) => sum + value, 0) / magnitudes.length;
  const variance = magnitudes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / magnitudes.length;
  return {
    mean: toJsonNumber(mean),
    standard_deviation: toJsonNumber(Math.sqrt(variance)),
    largest: toJsonNumber(magnitudes.reduce((most, value) => Math.max(most, value), -Infinity)),
  };
}

/** The label's logit minus the largest other. */
function marginOf(row: Float32Array, label: number): number {
  const other = row.reduce((most, logit, at) => (at === label ? most : Math.max(most, logit)), -Infinity);
  return row[label]! - other;
}

/** -Σ p log p of the softmax, in nats; a probability that underflows counts nothing. */
function entropyOf(row: Float32Array): number {
  const normaliser = logSumExpAt(row, 1);
  return Array.from(row, (logit) => logit - normaliser).reduce((sum, log) => sum - Math.exp(log) * log, 0);
}
