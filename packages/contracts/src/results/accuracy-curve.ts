import { Type, type Static } from 'typebox';
import { Rate } from './rate.js';

/** How many steps a curve keeps at most. */
export const CURVE_STEPS = 32;

/**
 * Robust accuracy against epsilon in one norm: a step function, exact where it has at most `CURVE_STEPS` steps.
 *
 * A point's rate is the share of all attacked images for which the attack found nothing within epsilon, which is an
 * upper bound of the accuracy there. It is a useful one only as far as the attack looked for small perturbations: an
 * attack of fixed norm finds little below its epsilon, and nothing beyond it.
 */
export const AccuracyCurve = Type.Array(
  Type.Object({
    epsilon: Type.Number({ description: 'In pixel units (the pixel range is 0 to 1); for L0, values changed.' }),
    ...Rate.properties,
  }),
  {
    description: `Attacked images with no success within epsilon, of all attacked: an upper bound of the robust accuracy. Steps at the distances of successes; where there are more than ${CURVE_STEPS}, at that many of them, evenly in number. Beyond the epsilon of an attack of fixed norm it stays flat, since that attack did not look there.`,
  },
);
export type AccuracyCurve = Static<typeof AccuracyCurve>;
