import { CURVE_STEPS, type AccuracyCurve } from '@retort/contracts';
import { rateOf } from '@retort/statistics';

/**
 * Robust accuracy against epsilon: the share of all attacked examples whose found distance exceeds it.
 *
 * @param found the distance of each example's success, 0 where the classifier errs on the image as it is, and Infinity
 *   where the attack found nothing
 * @returns a point at 0 and one at each distance; of more than `CURVE_STEPS` distances, at those that are evenly many
 *   successes apart, the largest among them
 */
export function accuracyCurve(found: readonly number[]): AccuracyCurve {
  const sorted = found.filter(Number.isFinite).sort((a, b) => a - b);
  const distances = [...new Set([0, ...sorted])];
  const steps = distances.length - 1 <= CURVE_STEPS ? distances : evenly(sorted);
  return steps.map((epsilon) => ({
    epsilon,
    ...rateOf(found.filter((distance) => distance > epsilon).length, found.length),
  }));
}

function evenly(sorted: readonly number[]): number[] {
  const places = Array.from({ length: CURVE_STEPS }, (_, step) =>
    Math.ceil(((step + 1) * sorted.length) / CURVE_STEPS - 1),
  );
  return [...new Set([0, ...places.map((place) => sorted[place]!)])];
}
