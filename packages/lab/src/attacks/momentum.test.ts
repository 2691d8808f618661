import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { distanceBetween } from '../metrics/distance.js';
import type { AttackContext } from './attack.js';
import { bim } from './bim.js';
import { miFgsm } from './mi-fgsm.js';
import { pgd } from './pgd.js';
import { formulaImages, formulaNet, labelsOf, linearImages, linearLabels, linearModel } from './testing/classifiers.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const linear: AttackContext = { classifier: linearModel(), images: linearImages, labels: linearLabels, seed: 1 };
const net = formulaNet();
const images = formulaImages(40, net);
const curved: AttackContext = { classifier: net, images, labels: labelsOf(net, images), seed: 1 };

/** The smallest sizes that change the label of each image of the linear model. */
const smallest = { linf: [0.06410256, 0.16829268], l2: [0.12007303, 0.31709478] };

function count(success: readonly boolean[]): number {
  return success.filter(Boolean).length;
}

describe('BIM', () => {
  it.each([0, 1])('fools image %d of the linear model exactly from the smallest Linf on', async (at) => {
    const just = smallest.linf[at]!;
    for (const loss of ['margin', 'dlr'] as const) {
      expect((await bim.run(linear, { epsilon: just * 1.00001, loss })).success[at]).toBe(true);
      expect((await bim.run(linear, { epsilon: just * 0.99999, loss })).success[at]).toBe(false);
    }
  });

  it('is PGD from the image itself', async () => {
    const parameters = { epsilon: 0.03, step_size: 0.01, steps: 6 };
    const outcome = await bim.run(curved, parameters);
    expect(outcome.adversarial).toEqual((await pgd.run(curved, { ...parameters, random_start: false })).adversarial);
    expect(Math.max(...outcome.gradients)).toBe(6);
    expect(new Set(outcome.forwards)).toEqual(new Set([0]));
  });

  it('succeeds more often the larger epsilon is, and always in the end', async () => {
    const successes: number[] = [];
    for (const epsilon of [0.0001, 0.01, 0.02, 0.04, 0.5]) {
      successes.push(count((await bim.run(curved, { epsilon, step_size: epsilon / 4 })).success));
    }
    expect(successes).toEqual([...successes].sort((a, b) => a - b));
    expect([successes[0], successes.at(-1)]).toEqual([0, 40]);
  });
});

describe('MI-FGSM', () => {
  it.each([
    ['linf', 0],
    ['linf', 1],
    ['l2', 0],
    ['l2', 1],
  ] as const)('fools the linear model exactly from the smallest %s on: image %d', async (norm, at) => {
    const just = smallest[norm][at]!;
    const parameters = { norm, steps: 20, loss: 'margin' as const };
    expect((await miFgsm.run(linear, { ...parameters, epsilon: just * 1.0001 })).success[at]).toBe(true);
    expect((await miFgsm.run(linear, { ...parameters, epsilon: just * 0.9999 })).success[at]).toBe(false);
  });

  it('goes epsilon far in equal steps where the gradient keeps its direction', async () => {
    // The margin's gradient on image 1 is that of two logits, the same everywhere on the way.
    const { adversarial } = await miFgsm.run(linear, { epsilon: 0.05, steps: 7, loss: 'margin' });
    const moved = Array.from(adversarial.slice(4), (pixel, at) => pixel - linearImages[4 + at]!);
    moved.forEach((value) => expect(Math.abs(value)).toBeCloseTo(0.05, 6));
  });

  it('keeps its course by its momentum, where decay 0 follows each gradient alone', async () => {
    const parameters = { epsilon: 0.02, steps: 8 };
    const without = await miFgsm.run(curved, { ...parameters, decay: 0 });
    const asBim = await bim.run(curved, { ...parameters, step_size: 0.02 / 8 });
    expect(without.adversarial).toEqual(asBim.adversarial);
    expect((await miFgsm.run(curved, { ...parameters, decay: 1 })).adversarial).not.toEqual(without.adversarial);
  });

  it('sums the gradients at an L1 norm of 1 each, as by hand', async () => {
    const one: AttackContext = { ...curved, images: images.slice(0, 20), labels: [curved.labels[0]!] };
    const { adversarial } = await miFgsm.run(one, { norm: 'l2', epsilon: 0.02, steps: 2, decay: 0.5, loss: 'margin' });
    const gradientAt = (image: readonly number[]) => {
      const label = one.labels[0]!;
      const of = (x: readonly number[]) => {
        const z = net.logits64(x);
        return Math.max(...z.filter((_, other) => other !== label)) - z[label]!;
      };
      const gradient = image.map((value, at) => {
        const [above, below] = [of(image.with(at, value + 1e-5)), of(image.with(at, value - 1e-5))];
        return (above - below) / 2e-5;
      });
      const size = gradient.reduce((sum, value) => sum + Math.abs(value), 0);
      return gradient.map((value) => value / size);
    };
    const step = (image: readonly number[], momentum: readonly number[]) => {
      const length = Math.hypot(...momentum);
      return image.map((pixel, at) => pixel + (0.01 * momentum[at]!) / length);
    };
    const start = Array.from(one.images);
    const first = gradientAt(start);
    const between = step(start, first);
    const second = gradientAt(between).map((value, at) => value + 0.5 * first[at]!);
    step(between, second).forEach((pixel, at) => expect(adversarial[at]).toBeCloseTo(pixel, 6));
  });

  it('has no gradient on inflated logits but by the margin and the difference of logits ratio', async () => {
    const inflated: AttackContext = { ...linear, classifier: linearModel(500) };
    const masked = await miFgsm.run(inflated, { epsilon: 0.3 });
    expect(masked.noGradient).toEqual([true, true]);
    expect(masked.adversarial).toEqual(linearImages);
    expect((await miFgsm.run(inflated, { epsilon: 0.3, loss: 'margin' })).success).toEqual([true, true]);
    expect((await miFgsm.run(inflated, { epsilon: 0.3, loss: 'dlr' })).success).toEqual([true, true]);
    expect(distanceBetween(linearImages, masked.adversarial, 1).l0).toBe(0);
  });
});
