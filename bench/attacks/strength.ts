import type { Comparison } from '../parity/comparison.js';
import type { Measurement } from '../parity/measurement.js';

/** By which share of the examples two attacks may differ, since most start at random: one of 40. */
const SUCCESS_TOLERANCE = 0.025;
/** By which share one mean distance may be longer than another of equal strength. */
const DISTANCE_TOLERANCE = 0.01;

/** Whether an attack reaches what another does: as many successes and, where there is no radius, as near. */
export function isAsStrong(
  one: Pick<Measurement, 'successes' | 'examples' | 'mean'>,
  other: Pick<Measurement, 'successes' | 'mean'>,
  { radius }: Pick<Comparison, 'radius'>,
): boolean {
  if (one.successes < other.successes - SUCCESS_TOLERANCE * one.examples) return false;
  if (radius !== undefined || other.mean === null) return true;
  return one.mean !== null && one.mean <= (1 + DISTANCE_TOLERANCE) * other.mean;
}
