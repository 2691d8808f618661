import '@tensorflow/tfjs';
import { memory, setBackend, sum, tensor, tensor2d, zerosLike, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { formulaImages, formulaNet, linearImages, linearModel } from '../attacks/testing/classifiers.js';
import { rows } from '../gradients/rows.js';
import { hardestImages, type Search } from './hardest-images.js';
import { crossEntropyAt } from './loss.js';

const net = formulaNet();
const count = 6;
const pixels = 20;
const values = formulaImages(count, net);
const targets = Array.from({ length: count }, (_, at) => [0, 1, 2, 3].map((k) => Number(k === at % 4)));

/** The cross-entropy of each image's target, summed. */
function loss(images: Tensor): Scalar {
  return crossEntropyAt(net.logits(images), tensor2d(targets), 1);
}

function distance(norm: Search['norm'], from: Float32Array, to: Float32Array): number {
  const moved = Array.from(from, (pixel, at) => Math.abs(to[at]! - pixel));
  return norm === 'linf' ? Math.max(...moved) : Math.hypot(...moved);
}

beforeAll(() => setBackend('cpu'));

describe.each(['linf', 'l2'] as const)('hardestImages in the %s norm', (norm) => {
  const images = () => tensor(values, [count, 5, 4, 1]);

  it.each([0, 0.01, 0.3, 50])('stays in the ball of radius %d and in the pixel box, and climbs', (epsilon) => {
    const random = Random.stream(1, 'start');
    const start = tensor(
      Float32Array.from({ length: values.length }, () => 4 * random.uniform() - 2),
      [count, 5, 4, 1],
    );
    const found = hardestImages(images(), start, loss, { norm, epsilon, stepSize: 0.4 * epsilon, steps: 7 });
    const moved = rows(found.dataSync<'float32'>(), pixels);
    rows(values, pixels).forEach((image, at) =>
      expect(distance(norm, image, moved[at]!)).toBeLessThanOrEqual(epsilon + 1e-6),
    );
    expect(moved.every((image) => image.every((pixel) => pixel >= 0 && pixel <= 1))).toBe(true);
    const [before, after] = [images(), found].map((each) => loss(each).arraySync());
    if (epsilon === 0) expect([...found.dataSync()]).toEqual([...values]);
    else expect(after).toBeGreaterThan(before!);
  });

  it('starts where it is told, brought into the ball', () => {
    const start = tensor(new Float32Array(values.length).fill(0.05), [count, 5, 4, 1]);
    const found = hardestImages(images(), start, loss, { norm, epsilon: 0.1, stepSize: 1, steps: 0 });
    const kept = norm === 'linf' ? 0.05 : 0.1 / Math.sqrt(pixels);
    found.dataSync<'float32'>().forEach((pixel, at) => expect(pixel).toBeCloseTo(Math.min(1, values[at]! + kept), 6));
  });

  it('does not move an image whose gradient is 0', () => {
    const still = (moved: Tensor) => sum<Scalar>(zerosLike(moved));
    const start = zerosLike(images());
    const found = hardestImages(images(), start, still, { norm, epsilon: 0.1, stepSize: 0.1, steps: 3 });
    expect([...found.dataSync()]).toEqual([...values]);
  });

  it('leaves no tensor behind but the images', () => {
    const origin = images();
    const start = zerosLike(origin);
    const before = memory().numTensors;
    const search = { norm, epsilon: 0.1, stepSize: 0.05, steps: 3 };
    hardestImages(origin, start, loss, search).dispose();
    expect(memory().numTensors).toBe(before);

    let passes = 0;
    const failing = (moved: Tensor): Scalar => {
      const value = loss(moved);
      if (++passes === 2) throw new Error('no room');
      return value;
    };
    expect(() => hardestImages(origin, start, failing, search)).toThrow('no room');
    expect(memory().numTensors).toBe(before);
  });
});

describe('hardestImages on a linear net of two classes', () => {
  // The loss grows with z_2 - z_0 alone, whose gradient by the pixels is w_2 - w_0 = [-.75, 1.25, -1.5, .6].
  const model = linearModel();
  const difference = [-0.75, 1.25, -1.5, 0.6];
  const rise = (images: Tensor) => sum<Scalar>(model.logits(images).mul(tensor2d([[-1, 0, 1]])));
  const climb = (norm: Search['norm']) =>
    rows(
      hardestImages(tensor2d(linearImages, [2, 4]), zerosLike(tensor2d(linearImages, [2, 4])), rise, {
        norm,
        epsilon: 0.08,
        stepSize: 0.04,
        steps: 5,
      }).dataSync<'float32'>(),
      4,
    );

  it('ends at the corner of the box in the signs of the gradient', () => {
    climb('linf').forEach((image, row) =>
      image.forEach((pixel, at) =>
        expect(pixel).toBeCloseTo(linearImages[4 * row + at]! + 0.08 * Math.sign(difference[at]!), 6),
      ),
    );
  });

  it('ends on the sphere in the direction of the gradient, however small that is', () => {
    const length = Math.hypot(...difference);
    climb('l2').forEach((image, row) =>
      image.forEach((pixel, at) =>
        expect(pixel).toBeCloseTo(linearImages[4 * row + at]! + (0.08 * difference[at]!) / length, 6),
      ),
    );
  });

  it('climbs a gradient whose square is 0 in float32', () => {
    const faint = (images: Tensor) => rise(images).mul<Scalar>(1e-30);
    const image = tensor2d(linearImages, [2, 4]);
    const search = { norm: 'l2', epsilon: 0.08, stepSize: 0.04, steps: 5 } as const;
    const found = hardestImages(image, zerosLike(image), faint, search).dataSync<'float32'>();
    expect(rows(found, 4)).toEqual(climb('l2'));
  });
});
