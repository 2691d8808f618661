import type { PgdParameters } from '@retort/contracts';
import type { Random } from '@retort/random';

/** The perturbations of one norm up to a radius, inside the pixel box [0, 1]. */
export interface NormBall {
  /** The steepest step of that length along a gradient; no step where it is zero. */
  step(gradient: ArrayLike<number>, length: number): Float64Array;
  /** `image` moved by `step`, brought back into the ball around `origin`, then clipped to the box. */
  project(origin: Float32Array, image: Float32Array, step: Float64Array): Float32Array;
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
    step: (gradient, length) => Float64Array.from(gradient, (value) => length * Math.sign(value)),
    project: (origin, image, step) =>
      origin.map((pixel, at) =>
        clip(image[at]! + step[at]!, Math.max(0, pixel - epsilon), Math.min(1, pixel + epsilon)),
      ),
    sample: (pixels, random) => Float64Array.from({ length: pixels }, () => epsilon * (2 * random.uniform() - 1)),
  };
}

function l2Ball(epsilon: number): NormBall {
  return {
    step: (gradient, length) => scaledTo(length, Float64Array.from(gradient)),
    project: (origin, image, step) => {
      const moved = step.map((value, at) => image[at]! + value - origin[at]!);
      const perturbation = euclideanLength(moved) > epsilon ? scaledTo(epsilon, moved) : moved;
      return origin.map((pixel, at) => clip(pixel + perturbation[at]!, 0, 1));
    },
    sample: (pixels, random) => {
      const direction = Float64Array.from({ length: pixels }, () => random.normal());
      return scaledTo(epsilon * random.uniform() ** (1 / pixels), direction);
    },
  };
}

/** The vector brought to that Euclidean length; zero stays zero. */
export function scaledTo(length: number, vector: Float64Array): Float64Array {
  const present = euclideanLength(vector);
  return present === 0 ? vector : vector.map((value) => value * (length / present));
}

export function euclideanLength(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
