import type { PgdParameters } from '@retort/contracts';
import type { Random } from '@retort/random';
import { clip } from './clip.js';

/** One number a pixel. */
export type Pixels = Float32Array | Float64Array;

/** The perturbations of one norm up to a radius, inside the pixel box [0, 1]. */
export interface NormBall {
  /** The steepest step of that length along a gradient; no step where it is zero. */
  step(gradient: ArrayLike<number>, length: number): Float64Array;
  /** `image` moved by `step`, brought back into the ball around `origin`, then clipped to the box. */
  project(origin: Float32Array, image: Float32Array, step: Float64Array): Float32Array;
  /** The same for the steepest step along a gradient, to the same bits, written over the image. */
  climb(origin: Float32Array, image: Float32Array, gradient: Pixels, length: number): void;
  /** A perturbation drawn uniformly from the ball. */
  sample(pixels: number, random: Random): Float64Array;
}

/**
 * The ball of a norm; all is reckoned in float64, so that only the rounding of a saved pixel can leave it.
 *
 * @param epsilon its radius in pixel units, 0 or more
 */
export function normBall(norm: PgdParameters['norm'], epsilon: number): NormBall {
  switch (norm) {
    case 'linf':
      return linfBall(epsilon);
    case 'l2':
      return l2Ball(epsilon);
  }
}

function linfBall(epsilon: number): NormBall {
  return {
    step: (gradient, length) => {
      const step = new Float64Array(gradient.length);
      for (let at = 0; at < step.length; at++) step[at] = length * Math.sign(gradient[at]!);
      return step;
    },
    project: (origin, image, step) => {
      const projected = new Float32Array(origin.length);
      for (let at = 0; at < projected.length; at++) {
        const pixel = origin[at]!;
        projected[at] = clip(clip(image[at]! + step[at]!, pixel - epsilon, pixel + epsilon), 0, 1);
      }
      return projected;
    },
    climb: (origin, image, gradient, length) => climbInLinf(origin, image, gradient, length, epsilon),
    sample: (pixels, random) => Float64Array.from({ length: pixels }, () => epsilon * (2 * random.uniform() - 1)),
  };
}

function l2Ball(epsilon: number): NormBall {
  return {
    step: (gradient, length) => scaledTo(length, new Float64Array(gradient)),
    project: (origin, image, step) => {
      const moved = new Float64Array(origin.length);
      for (let at = 0; at < moved.length; at++) moved[at] = image[at]! + step[at]! - origin[at]!;
      const length = euclideanLength(moved);
      const share = length > epsilon ? epsilon / length : 1;
      const projected = new Float32Array(origin.length);
      for (let at = 0; at < projected.length; at++) projected[at] = clip(origin[at]! + share * moved[at]!, 0, 1);
      return projected;
    },
    climb: (origin, image, gradient, length) => climbInL2(origin, image, gradient, length, epsilon),
    sample: (pixels, random) => {
      const direction = Float64Array.from({ length: pixels }, () => random.normal());
      return scaledTo(epsilon * random.uniform() ** (1 / pixels), direction);
    },
  };
}

function climbInLinf(
  origin: Float32Array,
  image: Float32Array,
  gradient: Pixels,
  length: number,
  epsilon: number,
): void {
  const steps = Float64Array.of(-length, 0, length);
  for (let at = 0; at < image.length; at++) {
    const pixel = origin[at]!;
    const slope = gradient[at]!;
    // By the sign, without a branch: see `clip`.
    const moved = image[at]! + steps[1 + Number(slope > 0) - Number(slope < 0)]!;
    image[at] = clip(clip(moved, pixel - epsilon, pixel + epsilon), 0, 1);
  }
}

function climbInL2(origin: Float32Array, image: Float32Array, gradient: Pixels, length: number, epsilon: number): void {
  const scale = scaleTo(length, gradient);
  let sum = 0;
  for (let at = 0; at < image.length; at++) {
    const moved = image[at]! + gradient[at]! * scale - origin[at]!;
    sum += moved * moved;
  }
  const distance = Math.sqrt(sum);
  const share = distance > epsilon ? epsilon / distance : 1;
  // Reckoned again: to keep it in an array costs more.
  for (let at = 0; at < image.length; at++) {
    const moved = image[at]! + gradient[at]! * scale - origin[at]!;
    image[at] = clip(origin[at]! + share * moved, 0, 1);
  }
}

/** What a vector has to be multiplied by to have that Euclidean length; 1 where it is zero, and stays so. */
export function scaleTo(length: number, vector: Pixels): number {
  const present = euclideanLength(vector);
  return present === 0 ? 1 : length / present;
}

/** The vector brought to that Euclidean length; zero stays zero. */
export function scaledTo(length: number, vector: Float64Array): Float64Array {
  const scale = scaleTo(length, vector);
  const scaled = new Float64Array(vector.length);
  for (let at = 0; at < scaled.length; at++) scaled[at] = vector[at]! * scale;
  return scaled;
}

export function euclideanLength(vector: Pixels): number {
  let sum = 0;
  for (let at = 0; at < vector.length; at++) sum += vector[at]! * vector[at]!;
  return Math.sqrt(sum);
}
