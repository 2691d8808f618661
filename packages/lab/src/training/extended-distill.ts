import { setImmediate } from 'node:timers/promises';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import type { Examples } from '../examples.js';
import type { Net } from '../nets/net.js';
import { size } from '../nets/plan.js';

/** How a student with an outlier class learns a teacher's doubt. */
export interface ExtendedDistillation {
  readonly teacher: Net;
  readonly data: Examples;
  /** How often the teacher answers with units dropped, at least 2. */
  readonly passes: number;
  /** The share of units dropped, above 0: the one with which the teacher was trained. */
  readonly dropout: number;
  /** The outlier class's share of the label of the most doubtful image, in [0, 1]. */
  readonly alpha: number;
  /** Chooses the units dropped; any integer. */
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/**
 * The labels of extended defensive distillation (Papernot and McDaniel 2017, arXiv 1705.05264, section 3): 1 - α u / max u
 * on the true class and α u / max u on one more class, the outliers', where u is how uncertain the teacher is of the
 * image. Give them to `train` as `targets` of a net that rejects.
 *
 * @returns `count x (classes + 1)` probabilities, one example after the other
 * @throws RangeError when the teacher is certain of every image, or does not fit the data; the signal's reason when it is
 *   aborted
 */
export async function extendedLabels(options: ExtendedDistillation): Promise<Float32Array> {
  const { teacher, data, alpha } = options;
  if (teacher.classes !== data.classes) {
    throw new RangeError(`the teacher knows ${teacher.classes} classes, but the data has ${data.classes}`);
  }
  return labelDoubt(data, await uncertainties(options), alpha);
}

/** The labels of images of which a teacher is so uncertain. */
export function labelDoubt(
  { labels, classes }: Pick<Examples, 'labels' | 'classes'>,
  uncertainty: Float64Array,
  alpha: number,
): Float32Array {
  const largest = uncertainty.reduce((most, value) => Math.max(most, value), 0);
  if (!(largest > 0))
    throw new RangeError('the teacher is equally certain of every image, so that there is no doubt to learn');
  const width = classes + 1;
  const targets = new Float32Array(labels.length * width);
  for (const [row, label] of labels.entries()) {
    const doubt = (alpha * uncertainty[row]!) / largest;
    targets[row * width + label] = 1 - doubt;
    targets[row * width + classes] = doubt;
  }
  return targets;
}

/** The variance of the teacher's logits of each image over passes with units dropped, summed over the classes. */
async function uncertainties({
  teacher,
  data,
  passes,
  dropout,
  seed,
  signal,
}: ExtendedDistillation): Promise<Float64Array> {
  const { images, count, inputShape, classes } = data;
  const random = Random.stream(seed, 'uncertainty');
  const pixels = size(inputShape);
  const found = new Float64Array(count);
  for (let first = 0; first < count; first += batchSize) {
    const rows = Math.min(batchSize, count - first);
    const batch = tensor(images.slice(first * pixels, (first + rows) * pixels), [rows, ...inputShape]);
    const mean = new Float64Array(rows * classes);
    try {
      for (let pass = 1; pass <= passes; pass++) {
        signal?.throwIfAborted();
        const output = tidy(() => teacher.trainingLogits(batch, { rate: dropout, random }));
        const logits = await output.data<'float32'>();
        output.dispose();
        // Welford 1962: the sum of squared deviations without the difference of two large numbers.
        for (const [at, logit] of logits.entries()) {
          const deviation = logit - mean[at]!;
          mean[at]! += deviation / pass;
          const example = first + Math.floor(at / classes);
          found[example]! += (deviation * (logit - mean[at]!)) / passes;
        }
        await setImmediate();
      }
    } finally {
      batch.dispose();
    }
  }
  return found;
}

/** How many images the teacher answers at a time; it changes which units are dropped for which image. */
const batchSize = 256;
