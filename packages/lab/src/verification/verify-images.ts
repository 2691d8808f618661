import type { Verification } from '@retort/contracts';
import type { AttackOutcome } from '../attacks/attack.js';
import type { Classifier } from '../classifier.js';
import { rows } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import { size } from '../nets/plan.js';
import { largestLogits, predictLogits } from '../predict.js';
import { softmaxAt } from '../training/softmax.js';

/** By which float32 values may be beyond the box or the bound, as rounding puts them there. */
export const VERIFICATION_TOLERANCE = 1e-6;

/**
 * Tries adversarial images that were made elsewhere, as if an attack had just found them.
 *
 * What is not finite, leaves the box or is further than epsilon is replaced by its original, and never a success.
 *
 * @param set.originals the dataset's own `n` images, one after the other
 * @param set.labels their `n` true classes
 * @param set.images the `n` images that are said to be adversarial, in the same order
 * @param set.epsilon the largest distance that counts, in the norm
 * @throws RangeError where the parts do not fit each other; the signal's reason when it is aborted
 */
export async function verifyImages(set: {
  classifier: Classifier;
  originals: Float32Array;
  labels: ArrayLike<number>;
  images: Float32Array;
  norm: 'linf' | 'l2';
  epsilon: number;
  signal?: AbortSignal;
}): Promise<{ outcome: AttackOutcome; refused: Verification['refused'] }> {
  const { classifier, originals, labels, images, norm, epsilon, signal } = set;
  const count = labels.length;
  const pixels = size(classifier.inputShape);
  if (originals.length !== count * pixels || images.length !== count * pixels) {
    throw new RangeError(`${count} originals and images of ${pixels} values each are needed`);
  }
  const refused = { not_finite: 0, outside_box: 0, beyond_epsilon: 0 };
  const adversarial = originals.slice();
  const fair = rows(images, pixels).map((image, at) => {
    const original = originals.subarray(at * pixels, (at + 1) * pixels);
    const fault = faultOf(image, original, norm, epsilon);
    if (fault) refused[fault]++;
    else adversarial.set(image.map(clip), at * pixels);
    return fault === undefined;
  });
  const logits = await predictLogits(classifier, adversarial, count, undefined, signal);
  const predicted = Array.from(largestLogits(logits, classifier.classes));
  const probabilities = rows(softmaxAt(logits, classifier.classes, 1), classifier.classes);
  const outcome: AttackOutcome = {
    adversarial,
    predicted,
    confidence: predicted.map((label, at) => probabilities[at]![label]!),
    success: predicted.map((label, at) => fair[at]! && label !== labels[at] && label !== classifier.rejection),
    noGradient: predicted.map(() => false),
    gradients: predicted.map(() => 0),
    forwards: predicted.map(() => 1),
  };
  return { outcome, refused };
}

function faultOf(
  image: Float32Array,
  original: Float32Array,
  norm: 'linf' | 'l2',
  epsilon: number,
): keyof Verification['refused'] | undefined {
  if (!image.every(Number.isFinite)) return 'not_finite';
  if (image.some((pixel) => pixel < -VERIFICATION_TOLERANCE || pixel > 1 + VERIFICATION_TOLERANCE))
    return 'outside_box';
  const distance = distanceBetween(original, image.map(clip), 1)[norm];
  return distance > epsilon + VERIFICATION_TOLERANCE ? 'beyond_epsilon' : undefined;
}

function clip(pixel: number): number {
  return Math.min(1, Math.max(0, pixel));
}
