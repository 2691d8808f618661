import { distanceBetween, distributionOf } from '@retort/lab';
import type { Comparison, Failure, Outcome } from './comparison.js';
import type { Subject } from './nets.js';

/** How far beyond a radius or the pixel box a float32 image may lie by rounding alone. */
const ROUNDING = 1e-5;

/** What one run reached. */
export interface Measurement {
  readonly successes: number;
  /** How many examples there were; the net classified all of them correctly. */
  readonly examples: number;
  /** Over the successes; null where there are none. */
  readonly mean: number | null;
  readonly median: number | null;
  /** Images that fool, but outside the radius or the pixel box, and so do not count. */
  readonly outside: number;
  readonly gradients: number;
  readonly forwards: number;
  readonly seconds: number;
}

/** What a run reached, by the same reckoning for every library: from the float32 images alone. */
export function measure(
  comparison: Pick<Comparison, 'measure' | 'radius' | 'targetOffset'>,
  subject: Pick<Subject, 'images' | 'labels'> & { readonly net: Pick<Subject['net'], 'classes' | 'inputShape'> },
  outcome: Outcome | Failure,
): Measurement | Failure {
  if ('error' in outcome) return outcome;
  const { images, labels, net } = subject;
  const { adversarial, predicted, gradients, forwards, seconds } = outcome;
  if (adversarial.length !== images.length) {
    return { error: `${adversarial.length} pixel values came back, not ${images.length}` };
  }
  const { measure, radius = Infinity, targetOffset } = comparison;
  const pixels = images.length / labels.length;
  const fooled = labels.flatMap((label, at) => {
    const wanted = targetOffset === undefined ? undefined : (label + targetOffset) % net.classes;
    if (wanted === undefined ? predicted[at] === label : predicted[at] !== wanted) return [];
    const image = adversarial.subarray(at * pixels, (at + 1) * pixels);
    const original = images.subarray(at * pixels, (at + 1) * pixels);
    const inBox = image.every((pixel) => pixel >= -ROUNDING && pixel <= 1 + ROUNDING);
    return [{ inBox, distance: distanceBetween(original, image, net.inputShape[2] ?? 1)[measure] }];
  });
  const within = fooled.filter(({ inBox, distance }) => inBox && distance <= radius + ROUNDING);
  const { mean, median } = distributionOf(within.map(({ distance }) => distance));
  return {
    successes: within.length,
    examples: labels.length,
    mean: within.length > 0 ? Number(mean) : null,
    median: within.length > 0 ? Number(median) : null,
    outside: fooled.length - within.length,
    gradients,
    forwards,
    seconds,
  };
}
