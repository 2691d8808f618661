import {
  abs,
  add,
  clipByValue,
  dispose,
  div,
  equal,
  grad,
  max,
  maximum,
  minimum,
  mul,
  onesLike,
  sign,
  sqrt,
  square,
  sub,
  sum,
  tidy,
  where,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Defence } from '@retort/contracts';
import { differentiated } from '../gradients/differentiated.js';

/** The search of one batch: a ball around each image, and how it is climbed. */
export interface Search {
  readonly norm: Defence['norm'];
  /** The radius of the ball, in pixel units. */
  readonly epsilon: number;
  /** In the same norm and units. */
  readonly stepSize: number;
  readonly steps: number;
}

/**
 * The images of a ball that raise a loss: projected gradient ascent, as in the attack `pgd`, but in tensors for a whole batch.
 *
 * Madry et al. 2017, arXiv 1706.06083. Every image takes every step, also once it is adversarial. The engine reckons in
 * float32, so that an image may leave the ball by a rounding error.
 *
 * @param images `[n, ...shape]`, pixels in [0, 1]
 * @param start what is added to them first, of the same shape; brought into the ball and the pixel box
 * @param loss of a batch of the same shape, of any scale
 * @returns as many images in the ball and in the box; the caller disposes them
 */
export function hardestImages(
  images: Tensor,
  start: Tensor,
  loss: (images: Tensor) => Scalar,
  { norm, epsilon, stepSize, steps }: Search,
): Tensor {
  const ball = balls[norm];
  const slope = grad(loss);
  let found = tidy(() => ball.project(images, add(images, start), epsilon));
  for (let step = 0; step < steps; step++) {
    const last = found;
    try {
      found = tidy(() => {
        const uphill = ball.direction(differentiated(() => slope(last)));
        return ball.project(images, add(last, mul(uphill, stepSize)), epsilon);
      });
    } finally {
      dispose(last);
    }
  }
  return found;
}

interface Ball {
  /** Brings each image into the ball around its origin, then into the pixel box. */
  project(origins: Tensor, images: Tensor, epsilon: number): Tensor;
  /** The steepest direction of length 1 along each image's gradient; 0 where it is 0. */
  direction(gradients: Tensor): Tensor;
}

const balls: Readonly<Record<Search['norm'], Ball>> = {
  linf: {
    project: (origins, images, epsilon) =>
      clipByValue(minimum(maximum(images, sub(origins, epsilon)), add(origins, epsilon)), 0, 1),
    direction: sign,
  },
  l2: {
    project: (origins, images, epsilon) => {
      const perturbations = sub(images, origins);
      const share = minimum(div(epsilon, lengths(perturbations)), 1);
      return clipByValue(add(origins, mul(perturbations, share)), 0, 1);
    },
    direction: (gradients) => {
      // Brought to a largest value of 1 first: the squares of a small gradient are 0 in float32.
      const scaled = div(gradients, orOne(max(abs(gradients), pixelAxes(gradients), true)));
      return div(scaled, lengths(scaled));
    },
  },
};

/** The Euclidean length of each image, shaped to divide it; 1 in place of 0. */
function lengths(images: Tensor): Tensor {
  return orOne(sqrt(sum(square(images), pixelAxes(images), true)));
}

function pixelAxes({ rank }: Tensor): number[] {
  return Array.from({ length: rank - 1 }, (_, axis) => axis + 1);
}

function orOne(divisors: Tensor): Tensor {
  return where(equal(divisors, 0), onesLike(divisors), divisors);
}
