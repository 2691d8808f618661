import type { CleverParameters } from '@retort/contracts';
import type { Random } from '@retort/random';

type Norm = CleverParameters['norm'];

/**
 * A point drawn evenly from the ball around an image, moved into [0, 1].
 *
 * Directions come from normal numbers (L2) or Laplace ones (L1), lengths from the d-th root of a uniform number.
 */
export function pointOfBall(centre: Float32Array, norm: Norm, radius: number, random: Random): Float32Array {
  const offset = Array.from(centre, () => draw[norm](random));
  const scale = norm === 'linf' ? radius : (radius * random.uniform() ** (1 / centre.length)) / length[norm](offset);
  return centre.map((pixel, at) => Math.min(1, Math.max(0, pixel + scale * offset[at]!)));
}

const draw: Record<Norm, (random: Random) => number> = {
  l1: (random) => (random.uniform() < 0.5 ? 1 : -1) * Math.log((random.uint32() + 1) * 2 ** -32),
  l2: (random) => random.normal(),
  linf: (random) => 2 * random.uniform() - 1,
};

const length: Record<Norm, (vector: readonly number[]) => number> = {
  l1: (vector) => vector.reduce((sum, value) => sum + Math.abs(value), 0),
  l2: (vector) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)),
  linf: (vector) => vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
};

/** The norm of a gradient that bounds the change over a distance in the given norm (Hölder): L1 and Linf change places. */
export function dualNorm(gradient: Float32Array, norm: Norm): number {
  return length[({ l1: 'linf', l2: 'l2', linf: 'l1' } as const)[norm]](Array.from(gradient));
}
