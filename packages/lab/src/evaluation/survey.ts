import type { Rate } from '@retort/contracts';
import { rateOfTrue } from '@retort/statistics';
import type { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import { rows } from '../gradients/rows.js';
import { largestLogits, predictLogits } from '../predict.js';
import { mostFrequentLabels } from '../randomised/most-frequent-labels.js';

/** How far apart two passes' logits may lie, as a share of their spread, before they count as different answers. */
const REPEATED = 1e-3;

/** How far a row of outputs may be from summing to 1 to be taken for probabilities. */
const PROBABILITY_SUM = 1e-3;

/** The logit margin that 95 % of the examples are brought under: float32 still holds 1 - p_y well there. */
const CALIBRATED_MARGIN = 10;

/** What is known of a classifier from forward passes over clean images alone. */
export interface Survey {
  /** Images whose logits differ between two passes. */
  readonly unequal: Rate;
  /** The standard deviation of a logit margin from pass to pass; 0 where no answer differs. */
  readonly jitter: number;
  /** Images whose outputs are probabilities. */
  readonly probabilities: Rate;
  /** What the logits are to be divided by so that a cross-entropy does not saturate. */
  readonly calibrated: number;
  /** The class of each image: of a randomised classifier, the most frequent one. */
  readonly predicted: number[];
}

/**
 * Looks at a classifier's answers to clean images, three passes or more.
 *
 * @param passes how many times a randomised classifier is asked for the class of an image
 */
export async function survey(
  classifier: Classifier,
  images: Float32Array,
  labels: readonly number[],
  passes: { passes: number; batchSize?: number | BatchSize; signal?: AbortSignal },
): Promise<Survey> {
  const { classes } = classifier;
  const { batchSize, signal } = passes;
  const first = await predictLogits(classifier, images, labels.length, batchSize, signal);
  const second = await predictLogits(classifier, images, labels.length, batchSize, signal);
  const repeats = rows(second, classes);
  const margins = marginsOf(rows(first, classes), labels);
  const unequal = rateOfTrue(rows(first, classes).map((row, at) => !isRepeated(row, repeats[at]!)));
  return {
    unequal,
    jitter: unequal.count > 0 ? jitterBetween(margins, marginsOf(repeats, labels)) : 0,
    probabilities: rateOfTrue(rows(first, classes).map(areProbabilities)),
    calibrated: calibrate(margins),
    predicted:
      unequal.count > 0
        ? await mostFrequentLabels(classifier, images, labels.length, passes)
        : Array.from(largestLogits(first, classes)),
  };
}

function isRepeated(row: Float32Array, again: Float32Array): boolean {
  const spread = Math.max(...row) - Math.min(...row);
  return row.every((logit, at) => Math.abs(logit - again[at]!) <= REPEATED * spread);
}

function areProbabilities(row: Float32Array): boolean {
  const sum = row.reduce((total, value) => total + value, 0);
  return row.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) <= PROBABILITY_SUM;
}

/** By how much the label's logit leads all others. */
function marginsOf(logits: readonly Float32Array[], labels: readonly number[]): number[] {
  return logits.map((row, at) => row[labels[at]!]! - Math.max(...row.filter((_, other) => other !== labels[at])));
}

/** The standard deviation of one pass, from the differences of two. */
function jitterBetween(first: readonly number[], second: readonly number[]): number {
  const squares = first.map((margin, at) => (margin - second[at]!) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (2 * squares.length));
}

/** The temperature at which 95 % of the margins are at most a fixed one. */
function calibrate(margins: readonly number[]): number {
  const ascending = [...margins].sort((a, b) => a - b);
  const high = ascending[Math.floor(0.95 * (ascending.length - 1))] ?? 0;
  return high > 0 ? high / CALIBRATED_MARGIN : 1;
}
