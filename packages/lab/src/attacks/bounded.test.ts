import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import { worstCase } from '../metrics/worst-case.js';
import type { AttackContext } from './attack.js';
import { fgsm } from './fgsm.js';
import { normBall } from './norm-ball.js';
import { pgd } from './pgd.js';
import { formulaImages, formulaNet, labelsOf, linearImages, linearLabels, linearModel } from './testing/classifiers.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const linear: AttackContext = { classifier: linearModel(), images: linearImages, labels: linearLabels, seed: 1 };
const net = formulaNet();
const images = formulaImages(40, net);
const curved: AttackContext = { classifier: net, images, labels: labelsOf(net, images), seed: 1 };

function count(success: readonly boolean[]): number {
  return success.filter(Boolean).length;
}

describe('on the linear model, whose smallest perturbations are known in closed form', () => {
  // The smallest Linf and L2 sizes that change the label of each image.
  const smallest = { linf: [0.06410256, 0.16829268], l2: [0.12007303, 0.31709478] };

  it.each([0, 1])('FGSM fools image %d exactly from the smallest Linf on', async (at) => {
    const just = smallest.linf[at]!;
    expect((await fgsm.run(linear, { epsilon: just * 1.00001, loss: 'margin' })).success[at]).toBe(true);
    expect((await fgsm.run(linear, { epsilon: just * 0.99999, loss: 'margin' })).success[at]).toBe(false);
  });

  it.each([
    ['linf', 0],
    ['linf', 1],
    ['l2', 0],
    ['l2', 1],
  ] as const)('PGD fools it exactly from the smallest %s on: image %d', async (norm, at) => {
    const parameters = { norm, step_size: 0.05, steps: 60, loss: 'margin' as const };
    const just = smallest[norm][at]!;
    expect((await pgd.run(linear, { ...parameters, epsilon: just * 1.0001 })).success[at]).toBe(true);
    expect((await pgd.run(linear, { ...parameters, epsilon: just * 0.9999, restarts: 3 })).success[at]).toBe(false);
  });

  it('a targeted PGD needs more where the target is not the nearest class', async () => {
    // Image 0 has label 2; the class 2 behind it is the nearest, 1, the class 1 behind it is 0.
    const parameters = { epsilon: 0.065, step_size: 0.01, steps: 40, loss: 'margin' as const };
    expect((await pgd.run(linear, { ...parameters, target_offset: 2 })).success[0]).toBe(true);
    expect((await pgd.run(linear, { ...parameters, target_offset: 1 })).success[0]).toBe(false);
    const further = await pgd.run(linear, { ...parameters, target_offset: 1, epsilon: 0.2 });
    expect([further.success[0], further.predicted[0]]).toEqual([true, 0]);
  });
});

describe('masking', () => {
  const inflated: AttackContext = { ...linear, classifier: linearModel(500) };

  it('costs PGD one gradient a run, since no step leads away from a gradient of zero, unless the net is randomised', async () => {
    const parameters = { epsilon: 0.01, step_size: 0.01, steps: 5, restarts: 2 };
    expect(await pgd.run(inflated, parameters)).toMatchObject({ gradients: [2, 2], forwards: [0, 0] });
    const randomised = { ...inflated, classifier: { ...linearModel(500), randomised: true } };
    expect(await pgd.run(randomised, parameters)).toMatchObject({ gradients: [10, 10], forwards: [2, 2] });
  });

  it('leaves FGSM and PGD without a gradient where the logits are inflated, and they say so', async () => {
    for (const outcome of [
      await fgsm.run(inflated, { epsilon: 0.3 }),
      await pgd.run(inflated, { epsilon: 0.3, random_start: false }),
    ]) {
      expect(outcome.success).toEqual([false, false]);
      expect(outcome.noGradient).toEqual([true, true]);
      expect(outcome.adversarial).toEqual(linearImages);
    }
  });

  it('is undone by the margin loss, and by the temperature that the logits were inflated by', async () => {
    const plain = await fgsm.run(linear, { epsilon: 0.3 });
    expect(plain.success).toEqual([true, true]);
    expect((await fgsm.run(inflated, { epsilon: 0.3, loss: 'margin' })).success).toEqual([true, true]);
    expect((await fgsm.run(inflated, { epsilon: 0.3, temperature: 500 })).adversarial).toEqual(plain.adversarial);
  });
});

describe('on a curved net', () => {
  const at = (epsilon: number) => ({ epsilon, step_size: epsilon / 4, steps: 20, random_start: false });

  it.each(['cross-entropy', 'margin'] as const)('PGD is no weaker than FGSM: %s', async (loss) => {
    for (const epsilon of [0.02, 0.04, 0.08]) {
      const single = await fgsm.run(curved, { epsilon, loss });
      const iterated = await pgd.run(curved, { ...at(epsilon), loss });
      expect(count(iterated.success)).toBeGreaterThanOrEqual(count(single.success));
      const worst = worstCase([single.success, iterated.success]);
      expect(count(worst)).toBeGreaterThanOrEqual(count(iterated.success));
    }
  });

  it('PGD succeeds more often the larger epsilon is, and always in the end', async () => {
    const successes = [];
    for (const epsilon of [0.0001, 0.01, 0.02, 0.04, 0.08, 0.5])
      successes.push(count((await pgd.run(curved, at(epsilon))).success));
    expect(successes).toEqual([...successes].sort((a, b) => a - b));
    expect([successes[0], successes.at(-1)]).toEqual([0, 40]);
    expect(new Set(successes).size).toBeGreaterThan(3);
  });

  it('restarts only help, and only what is not fooled yet is started again', async () => {
    const parameters = { ...at(0.03), random_start: true, steps: 3 };
    const once = await pgd.run(curved, parameters);
    const thrice = await pgd.run(curved, { ...parameters, restarts: 3 });
    once.success.forEach((success, example) => {
      if (!success) return;
      expect(thrice.success[example]).toBe(true);
      expect(thrice.gradients[example]).toBe(once.gradients[example]);
    });
    once.success.forEach((success, example) => {
      if (!success && !thrice.success[example]) expect(thrice.gradients[example]).toBe(9);
    });
  });

  it('PGD counts a gradient a step, and one forward pass for the last image', async () => {
    const outcome = await pgd.run(curved, { ...at(1e-6), steps: 5 });
    expect(outcome.success).not.toContain(true);
    expect(new Set(outcome.gradients)).toEqual(new Set([5]));
    expect(new Set(outcome.forwards)).toEqual(new Set([1]));
    const single = await fgsm.run(curved, {});
    expect([new Set(single.gradients), new Set(single.forwards)]).toEqual([new Set([1]), new Set([0])]);
  });

  it('another seed starts PGD elsewhere', async () => {
    const parameters = { epsilon: 0.01, step_size: 0.001, steps: 2 };
    const first = await pgd.run(curved, parameters);
    const second = await pgd.run({ ...curved, seed: 2 }, parameters);
    expect(second.adversarial).not.toEqual(first.adversarial);
  });
});

describe('the ball of a norm', () => {
  const random = Random.stream(5, 'ball');
  const origin = Float32Array.from({ length: 784 }, () => random.uniform());

  it.each([
    ['linf', 0.1],
    ['l2', 2],
  ] as const)('%s: samples fill it and nothing leaves it', (norm, epsilon) => {
    const ball = normBall(norm, epsilon);
    const lengths = Array.from({ length: 50 }, () => {
      const start = ball.project(origin, origin, ball.sample(784, random));
      const far = ball.project(
        origin,
        start,
        ball.step(
          Float32Array.from({ length: 784 }, () => random.normal()),
          3,
        ),
      );
      for (const image of [start, far]) {
        expect(distanceBetween(origin, image, 1)[norm]).toBeLessThanOrEqual(epsilon + 1e-6);
        expect(image.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
      }
      return distanceBetween(
        Float32Array.from(origin, () => 0),
        Float32Array.from(ball.sample(784, random)),
        1,
      )[norm];
    });
    expect(Math.max(...lengths)).toBeLessThanOrEqual(epsilon + 1e-6);
    expect(Math.max(...lengths)).toBeGreaterThan(0.99 * epsilon);
  });

  it('steps by the length asked for, and not at all along a zero gradient', () => {
    const gradient = Float32Array.of(3e-30, 0, -4e-30);
    expect([...normBall('l2', 1).step(gradient, 0.5)].map((value) => +value.toFixed(6))).toEqual([0.3, 0, -0.4]);
    expect([...normBall('linf', 1).step(gradient, 0.5)]).toEqual([0.5, 0, -0.5]);
    expect([...normBall('l2', 1).step(new Float32Array(3), 0.5)]).toEqual([0, 0, 0]);
    expect([...normBall('linf', 1).step(new Float32Array(3), 0.5)]).toEqual([0, 0, 0]);
  });

  it('brings a point back along the straight line to the image in L2, and to each face in Linf', () => {
    const at = Float32Array.of(0.5, 0.5);
    const step = Float64Array.of(0.3, -0.4);
    expect(rows(normBall('l2', 0.1).project(at, at, step), 2)[0]!.map((pixel) => Math.fround(pixel))).toEqual(
      Float32Array.of(0.56, 0.42),
    );
    expect(normBall('linf', 0.25).project(at, at, step)).toEqual(Float32Array.of(0.75, 0.25));
  });
});
