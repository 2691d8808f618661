import type { CleverParameters, CleverResult } from '@retort/contracts';
import { Random, type RandomState } from '@retort/random';
import {
  estimatedDistributionOf,
  fitReverseWeibull,
  kolmogorovSmirnov,
  rateOf,
  rateOfTrue,
  reverseWeibullCdf,
} from '@retort/statistics';
import { BatchSize } from '../batch-size.js';
import type { Classifier } from '../classifier.js';
import { outputGradients } from '../gradients/output-gradients.js';
import { rows } from '../gradients/rows.js';
import { size } from '../nets/plan.js';
import { predictLogits } from '../predict.js';
import { classHistogram } from './class-histogram.js';
import { dualNorm, pointOfBall } from './ball.js';

/** Maxima within this share of each other differ by the rounding of float32 only: the gradient is constant. */
const CONSTANT = 1e-5;

/** What is known of one example and one other class. */
interface Estimate {
  readonly score: number;
  /** How the local Lipschitz constant was found: all maxima alike, a fit, or, where it has no maximum, the largest seen. */
  readonly by: 'constant' | 'accepted-fit' | 'rejected-fit' | 'largest';
}

/** The largest gradients that have been found near an example so far. */
interface Search {
  /** Points that they were taken at. */
  drawn: number;
  random: RandomState;
  /** For every other class, the largest dual norm of the margin's gradient in each batch. */
  readonly maxima: { readonly other: number; readonly norms: Float64Array }[];
}

/** A CLEVER score between two passes. Plain data, which `v8.serialize` keeps. */
export interface CleverCheckpoint {
  /** Of the examples that are done. */
  readonly estimates: readonly (readonly Estimate[])[];
  /** Of the one after those. */
  readonly search: Search;
}

/** What CLEVER is measured on, and how. */
export interface CleverOptions extends CleverParameters {
  readonly classifier: Classifier;
  /** `n` images, one after the other, pixels in [0, 1]. */
  readonly images: Float32Array;
  /** Their `n` true classes; an image that the classifier gets wrong scores 0. */
  readonly labels: ArrayLike<number>;
  /** The place of each image in its dataset, which names its random stream; 0 to n - 1 where absent. */
  readonly indices?: ArrayLike<number>;
  readonly seed: number;
  /** How many go through the classifier at a time, 128 where absent; it does not change the scores' draws. */
  readonly batchSize?: number | BatchSize;
  /** Stops between two passes. */
  readonly signal?: AbortSignal;
  /** Is told after each example how many are done. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Is offered a checkpoint after the points of each batch. */
  readonly onCheckpoint?: (take: () => CleverCheckpoint) => void | Promise<void>;
  /** Where to go on from, to the same scores; all else but the batch size must be as it was. */
  readonly resume?: CleverCheckpoint;
}

/**
 * CLEVER (Weng et al. 2018, arXiv 1801.10578, algorithms 1 and 2): margin over the estimated largest gradient of the margin near by.
 *
 * The gradient norms of z_c - z_j at points drawn evenly from the ball are maximised batch by batch; the location of
 * the reverse Weibull distribution fitted to the maxima estimates the local Lipschitz constant in the dual norm. Points
 * outside [0, 1] are moved to its border, since no image lies beyond; the ball's part inside is convex, so that the
 * bound holds there as before. It costs batches x samples x (classes - 1) backward passes an example.
 *
 * @throws RangeError when the images and labels do not fit
 */
export async function clever(options: CleverOptions): Promise<CleverResult> {
  const { classifier, images, indices, seed, norm, radius, batches, samples, batchSize, onProgress, resume } = options;
  const labels = Array.from(options.labels);
  const pixels = size(classifier.inputShape);
  const logits = rows(await predictLogits(classifier, images, labels.length, batchSize), classifier.classes);
  const estimates = [...(resume?.estimates ?? [])];
  let search = resume && structuredClone(resume.search);
  for (const [at, label] of [...labels.entries()].slice(estimates.length)) {
    const original = images.subarray(at * pixels, (at + 1) * pixels);
    search ??= {
      drawn: 0,
      random: Random.stream(seed, `clever/${indices ? indices[at]! : at}`).state,
      maxima: otherClasses(classifier, label).map((other) => ({ other, norms: new Float64Array(batches) })),
    };
    const { maxima } = search;
    await findLargestGradients(options, original, label, search, estimates);
    estimates.push(
      maxima.map(({ other, norms }) => estimate(logits[at]![label]! - logits[at]![other]!, norms, radius)),
    );
    search = undefined;
    onProgress?.(at + 1, labels.length);
  }
  const scores = estimates.map((of) => Math.min(...of.map(({ score }) => score)));
  const count = (by: Estimate['by']) => estimates.flat().filter((estimate) => estimate.by === by).length;
  const fitted = count('accepted-fit') + count('rejected-fit');
  return {
    examples: labels.length,
    norm,
    radius,
    batches,
    samples,
    score: estimatedDistributionOf(scores),
    at_radius: rateOfTrue(scores.map((score) => score === radius)),
    fit_accepted: rateOf(count('accepted-fit'), fitted),
    fit_without_maximum: rateOf(count('largest'), estimates.flat().length),
    gradients: batches * samples * (classifier.classes - 1),
    class_histogram: classHistogram(labels, classifier.classes),
  };
}

function otherClasses({ classes }: Classifier, label: number): number[] {
  return Array.from({ length: classes }, (_, other) => other).filter((other) => other !== label);
}

/** Goes on with a search near an example until all its points are drawn. */
async function findLargestGradients(
  options: CleverOptions,
  original: Float32Array,
  label: number,
  search: Search,
  estimates: readonly (readonly Estimate[])[],
): Promise<void> {
  const { classifier, norm, radius, batches, samples, signal, onCheckpoint } = options;
  const batch = BatchSize.of(options.batchSize, 128);
  const { classes } = classifier;
  const random = new Random(search.random);
  const total = batches * samples;
  while (search.drawn < total) {
    const { drawn, maxima } = search;
    const count = Math.min(batch.size, total - drawn);
    const points = new Float32Array(count * original.length);
    for (let row = 0; row < count; row++) {
      points.set(pointOfBall(original, norm, radius, random), row * original.length);
    }
    for (const { other, norms } of maxima) {
      await batch.each(count, async (first, end) => {
        signal?.throwIfAborted();
        const weights = Float32Array.from({ length: (end - first) * classes }, (_, at) =>
          at % classes === label ? 1 : at % classes === other ? -1 : 0,
        );
        const some = points.subarray(first * original.length, end * original.length);
        const { gradients } = await outputGradients(classifier, some, weights);
        rows(gradients, original.length).forEach((gradient, row) => {
          const maximum = Math.floor((drawn + first + row) / samples);
          norms[maximum] = Math.max(norms[maximum]!, dualNorm(gradient, norm));
        });
      });
    }
    search.drawn += count;
    search.random = random.state;
    await onCheckpoint?.(() => structuredClone({ estimates, search }));
  }
}

function estimate(margin: number, maxima: Float64Array, radius: number): Estimate {
  const largest = maxima.reduce((most, value) => Math.max(most, value), 0);
  const smallest = maxima.reduce((least, value) => Math.min(least, value), Infinity);
  // A constant margin is never crossed; 0 / 0, of one that is 0, scores 0.
  const scoreOf = (lipschitz: number) => (margin <= 0 ? 0 : Math.min(margin / lipschitz, radius));
  if (largest - smallest <= CONSTANT * largest) return { score: scoreOf(largest), by: 'constant' };
  const fit = fitReverseWeibull(maxima);
  if (fit === null) return { score: scoreOf(largest), by: 'largest' };
  const { p } = kolmogorovSmirnov(maxima, (value) => reverseWeibullCdf(fit, value));
  return { score: scoreOf(fit.location), by: p > 0.05 ? 'accepted-fit' : 'rejected-fit' };
}
