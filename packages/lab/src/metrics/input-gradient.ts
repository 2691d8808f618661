import type { InputGradientResult } from '@retort/contracts';
import { distributionOf, rateOfTrue } from '@retort/statistics';
import type { Classifier } from '../classifier.js';
import { exactGradients } from '../gradients/exact-gradients.js';
import { lossGradients } from '../gradients/loss-gradients.js';
import { rows } from '../gradients/rows.js';
import { crossEntropy } from '../losses/cross-entropy.js';
import { size } from '../nets/plan.js';
import { classHistogram } from './class-histogram.js';
import { measureInBatches, type MeasuredExamples } from './example-batches.js';

/** The edges of the ten bins of Papernot et al. (2015, arXiv 1511.04508), Fig. 9. */
export const FIGURE_9_EDGES = [0, 1e-40, 1e-35, 1e-30, 1e-25, 1e-20, 1e-15, 1e-10, 1e-5, 1e-3, 1];

/**
 * The cosine with the exact gradient below which a float32 gradient points the wrong way: 8 degrees off.
 *
 * Rounding of the label's probability reaches it at a logit margin of about 16 temperatures.
 */
export const WRONG_DIRECTION_COSINE = 0.99;

/** What is known of one example's gradient. */
interface Measured {
  readonly log10MaxAbs: number;
  readonly log10MeanAbs: number;
  /** Whether the label's probability is 1 in float32. */
  readonly saturated: boolean;
  readonly float32Zero: boolean;
  /** Between the float32 gradient and the exact one; undefined where either is zero. */
  readonly cosine: number | undefined;
}

/**
 * The amplitude of the cross-entropy's input gradient in log space, and how far the float32 gradient misses it.
 *
 * Two backward passes an example. The loss is that of the true label: give examples that the classifier gets right.
 *
 * @throws RangeError when the images and labels do not fit, or a logit is not finite
 */
export async function inputGradient(examples: MeasuredExamples): Promise<InputGradientResult> {
  const { classifier, temperature = 1 } = examples;
  const measured = await measureInBatches(examples, (images, labels) =>
    measureBatch(classifier, images, labels, temperature),
  );
  return summarise(measured, Array.from(examples.labels), classifier.classes, temperature);
}

async function measureBatch(
  classifier: Classifier,
  images: Float32Array,
  labels: readonly number[],
  temperature: number,
): Promise<Measured[]> {
  const pixels = size(classifier.inputShape);
  const exact = await exactGradients(classifier, images, labels, temperature);
  const float32 = await lossGradients(classifier, images, labels, crossEntropy(temperature));
  const directions = rows(exact.directions, pixels);
  return rows(float32.gradients, pixels).map((gradient, at) => {
    const direction = directions[at]!;
    const log10Scale = exact.logScales[at]! / Math.LN10;
    const sum = direction.reduce((total, value) => total + Math.abs(value), 0);
    const largest = direction.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    return {
      log10MaxAbs: log10Scale + Math.log10(largest),
      log10MeanAbs: log10Scale + Math.log10(sum / pixels),
      saturated: Math.fround(Math.exp(exact.logProbabilities[at]!)) === 1,
      float32Zero: gradient.every((value) => value === 0),
      cosine: cosineBetween(gradient, direction),
    };
  });
}

function summarise(
  measured: readonly Measured[],
  labels: readonly number[],
  classes: number,
  temperature: number,
): InputGradientResult {
  const cosines = measured.map(({ cosine }) => cosine);
  return {
    examples: measured.length,
    loss: `cross-entropy at T=${temperature}`,
    log10_max_abs: distributionOf(measured.map(({ log10MaxAbs }) => log10MaxAbs)),
    log10_mean_abs: distributionOf(measured.map(({ log10MeanAbs }) => log10MeanAbs)),
    histogram: histogramOf(measured.map(({ log10MeanAbs }) => log10MeanAbs)),
    float32_zero: rateOfTrue(measured.map(({ float32Zero }) => float32Zero)),
    probability_saturated: rateOfTrue(measured.map(({ saturated }) => saturated)),
    exact_zero: rateOfTrue(measured.map(({ log10MaxAbs }) => log10MaxAbs === -Infinity)),
    float32_cosine: distributionOf(cosines.filter((cosine) => cosine !== undefined)),
    wrong_direction: {
      ...rateOfTrue(cosines.map((cosine) => cosine !== undefined && !(cosine >= WRONG_DIRECTION_COSINE))),
      cosine_below: WRONG_DIRECTION_COSINE,
    },
    class_histogram: classHistogram(labels, classes),
  };
}

/** Counts magnitudes, given as log10, in the bins of Fig. 9; a zero lies in the first. */
function histogramOf(log10Magnitudes: readonly number[]): InputGradientResult['histogram'] {
  const log10Edges = FIGURE_9_EDGES.map(Math.log10);
  const counts = FIGURE_9_EDGES.slice(1).map(
    (_, bin) => log10Magnitudes.filter((log10) => log10Edges[bin]! <= log10 && log10 < log10Edges[bin + 1]!).length,
  );
  return {
    edges: FIGURE_9_EDGES,
    counts,
    above: log10Magnitudes.filter((log10) => log10 >= log10Edges.at(-1)!).length,
  };
}

/** The cosine of the angle between two vectors; undefined where either is zero. */
function cosineBetween(first: Float32Array, second: Float32Array): number | undefined {
  let [product, firstSquares, secondSquares] = [0, 0, 0];
  first.forEach((value, at) => {
    product += value * second[at]!;
    firstSquares += value * value;
    secondSquares += second[at]! * second[at]!;
  });
  if (firstSquares === 0 || secondSquares === 0) return undefined;
  return product / Math.sqrt(firstSquares) / Math.sqrt(secondSquares);
}
