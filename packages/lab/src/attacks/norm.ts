import type { MinimisedNorm } from '@retort/contracts';
import { euclideanLength, type Pixels } from './norm-ball.js';

/** The length of a vector in a norm, in float64. */
export function lengthIn(norm: MinimisedNorm, vector: Float64Array): number {
  return norm === 'l2' ? euclideanLength(vector) : largestMagnitude(vector);
}

/** How much a linear function with that gradient rises at most over a step of length 1: the gradient's dual norm. */
export function dualLengthIn(norm: MinimisedNorm, gradient: Pixels): number {
  if (norm === 'l2') return euclideanLength(gradient);
  let sum = 0;
  for (let at = 0; at < gradient.length; at++) sum += Math.abs(gradient[at]!);
  return sum;
}

/**
 * What has to be added to one image to make another, in float64.
 *
 * @param added is where it is written; a new array where absent
 */
export function difference(
  from: Float32Array,
  to: Float32Array,
  added: Float64Array = new Float64Array(to.length),
): Float64Array {
  for (let at = 0; at < added.length; at++) added[at] = to[at]! - from[at]!;
  return added;
}

function largestMagnitude(vector: Float64Array): number {
  let largest = 0;
  for (let at = 0; at < vector.length; at++) largest = Math.max(largest, Math.abs(vector[at]!));
  return largest;
}
