import type { MinimisedNorm } from '@retort/contracts';
import { euclideanLength } from './norm-ball.js';

/** The length of a vector in a norm, in float64. */
export function lengthIn(norm: MinimisedNorm, vector: Float64Array): number {
  return norm === 'l2' ? euclideanLength(vector) : largestMagnitude(vector);
}

/** How much a linear function with that gradient rises at most over a step of length 1: the gradient's dual norm. */
export function dualLengthIn(norm: MinimisedNorm, gradient: ArrayLike<number>): number {
  const vector = new Float64Array(gradient);
  return norm === 'l2' ? euclideanLength(vector) : vector.reduce((sum, value) => sum + Math.abs(value), 0);
}

/** What has to be added to one image to make another, in float64. */
export function difference(from: Float32Array, to: Float32Array): Float64Array {
  return new Float64Array(to).map((pixel, at) => pixel - from[at]!);
}

function largestMagnitude(vector: Float64Array): number {
  return vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
