import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { distanceBetween } from '../metrics/distance.js';
import { apgd } from './apgd.js';
import { apgdT } from './apgd-t.js';
import type { AttackContext } from './attack.js';
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

const cases = [
  ['linf', 0],
  ['linf', 1],
  ['l2', 0],
  ['l2', 1],
] as const;

function count(success: readonly boolean[]): number {
  return success.filter(Boolean).length;
}

describe('on the linear model, whose smallest perturbations are known in closed form', () => {
  it.each(cases)('APGD fools it exactly from the smallest %s on: image %d', async (norm, at) => {
    const just = smallest[norm][at]!;
    for (const loss of ['margin', 'dlr'] as const) {
      const near = { norm, loss, steps: 100, epsilon: just * 1.0001 };
      expect((await apgd.run(linear, near)).success[at]).toBe(true);
      expect((await apgd.run(linear, { ...near, steps: 20, epsilon: just * 0.9999 })).success[at]).toBe(false);
    }
  });

  it.each(cases)('APGD-T fools it exactly from the smallest %s on: image %d', async (norm, at) => {
    const just = smallest[norm][at]!;
    expect((await apgdT.run(linear, { norm, steps: 100, epsilon: just * 1.0001 })).success[at]).toBe(true);
    expect((await apgdT.run(linear, { norm, steps: 20, epsilon: just * 0.9999 })).success[at]).toBe(false);
  });

  it('a targeted APGD needs more where the target is not the nearest class', async () => {
    const parameters = { steps: 40, loss: 'margin' as const };
    expect((await apgd.run(linear, { ...parameters, epsilon: 0.065, target_offset: 2 })).success[0]).toBe(true);
    expect((await apgd.run(linear, { ...parameters, epsilon: 0.065, target_offset: 1 })).success[0]).toBe(false);
    const further = await apgd.run(linear, { ...parameters, epsilon: 0.2, target_offset: 1 });
    expect([further.success[0], further.predicted[0]]).toEqual([true, 0]);
  });
});

describe('APGD on the difference of logits ratio', () => {
  it('is led to a target that is the third class, whose own ratio is constant', async () => {
    // Image 0 has logits [.075, .2, .45] and label 2, image 1 [1.195, -.835, .505] and label 0: the third is one behind.
    const outcome = await apgd.run(linear, { epsilon: 0.7, steps: 30, loss: 'dlr', target_offset: 1 });
    expect([outcome.success, outcome.noGradient]).toEqual([
      [true, true],
      [false, false],
    ]);
    expect(outcome.predicted).toEqual([0, 1]);
    const still = await apgd.run(linear, { epsilon: 0, steps: 1, loss: 'dlr', target_offset: 1 });
    expect(still.noGradient).toEqual([false, false]);
  });
});

describe('APGD on a curved net', () => {
  it.each([
    ['linf', [0.015, 0.02, 0.03]],
    ['l2', [0.06, 0.09, 0.12]],
  ] as const)('is at least as strong as PGD of the same budget: %s', async (norm, epsilons) => {
    for (const epsilon of epsilons) {
      for (const loss of ['cross-entropy', 'margin'] as const) {
        const fixed = await pgd.run(curved, { norm, epsilon, loss, steps: 20, step_size: epsilon / 10 });
        const adaptive = await apgd.run(curved, { norm, epsilon, loss, steps: 20 });
        expect(count(adaptive.success)).toBeGreaterThanOrEqual(count(fixed.success));
      }
    }
  });

  it.each(['cross-entropy', 'dlr'] as const)('succeeds more often the larger epsilon is: %s', async (loss) => {
    const successes: number[] = [];
    for (const epsilon of [0.0001, 0.01, 0.02, 0.04, 0.5]) {
      successes.push(count((await apgd.run(curved, { epsilon, steps: 15, loss })).success));
    }
    expect(successes).toEqual([...successes].sort((a, b) => a - b));
    expect([successes[0], successes.at(-1)]).toEqual([0, 40]);
    expect(new Set(successes).size).toBeGreaterThan(3);
  });

  it('counts a gradient a step, and one forward pass a run for its last image', async () => {
    const outcome = await apgd.run(curved, { epsilon: 1e-6, steps: 5, restarts: 2 });
    expect(new Set(outcome.gradients)).toEqual(new Set([10]));
    expect(new Set(outcome.forwards)).toEqual(new Set([2]));
  });

  it('leaves what it does not fool at the highest loss it saw, nearer to success than PGD', async () => {
    const marginOf = (image: Float32Array, at: number) => {
      const z = net.logits64(Array.from(image.subarray(20 * at, 20 * at + 20)));
      const label = curved.labels[at]!;
      return Math.max(...z.filter((_, other) => other !== label)) - z[label]!;
    };
    const parameters = { epsilon: 0.005, steps: 30, loss: 'margin' as const };
    const adaptive = await apgd.run(curved, parameters);
    const fixed = await pgd.run(curved, { ...parameters, step_size: 0.005 / 4 });
    adaptive.success.forEach((success, at) => {
      if (success || fixed.success[at]) return;
      expect(marginOf(adaptive.adversarial, at)).toBeGreaterThan(marginOf(curved.images, at));
      expect(marginOf(adaptive.adversarial, at)).toBeGreaterThan(marginOf(fixed.adversarial, at) - 1e-3);
    });
  });

  it('another seed starts elsewhere', async () => {
    const first = await apgd.run(curved, { epsilon: 0.01, steps: 1 });
    const second = await apgd.run({ ...curved, seed: 2 }, { epsilon: 0.01, steps: 1 });
    expect(second.adversarial).not.toEqual(first.adversarial);
  });
});

describe('masking', () => {
  const inflated: AttackContext = { ...linear, classifier: linearModel(500) };

  it('leaves APGD-CE without a gradient, and it says so', async () => {
    // Small starts, so that no random point of the ball comes near another class.
    const outcome = await apgd.run(inflated, { epsilon: 0.01, steps: 10 });
    expect(outcome.success).toEqual([false, false]);
    expect(outcome.noGradient[1]).toBe(true);
  });

  it('does not hinder APGD-DLR or APGD-T', async () => {
    for (const outcome of [
      await apgd.run(inflated, { epsilon: 0.2, steps: 20, loss: 'dlr' }),
      await apgdT.run(inflated, { epsilon: 0.2, steps: 20 }),
    ]) {
      expect(outcome.success).toEqual([true, true]);
      expect(outcome.noGradient).toEqual([false, false]);
    }
  });
});

describe('APGD-T', () => {
  it('aims at the most likely classes first: one target reaches the nearest class here, and only that', async () => {
    const { success, predicted } = await apgdT.run(linear, { epsilon: 0.17, steps: 30, targets: 1 });
    expect(success).toEqual([true, true]);
    // At image 0 the logits are [.075, .2, .45], at image 1 [1.195, -.835, .505].
    expect(predicted).toEqual([1, 2]);
  });

  it('spends no gradient on what is misclassified already', async () => {
    const wrong = await apgdT.run({ ...linear, labels: [0, 0] }, { epsilon: 0.01, steps: 2 });
    expect(wrong.success[0]).toBe(true);
    expect([wrong.gradients[0], wrong.forwards[0]]).toEqual([0, 1]);
    expect(distanceBetween(wrong.adversarial.slice(0, 4), linearImages.slice(0, 4), 1).l0).toBe(0);
    expect([wrong.gradients[1], wrong.forwards[1]]).toEqual([4, 3]);
  });

  it('tries as many targets as there are, at most those asked for', async () => {
    const two = formulaNet({ classes: 2 });
    const twoImages = formulaImages(3, two);
    const binary = { classifier: two, images: twoImages, labels: labelsOf(two, twoImages), seed: 1 };
    expect(new Set((await apgdT.run(binary, { epsilon: 1e-6, steps: 2 })).gradients)).toEqual(new Set([2]));
    const three = await apgdT.run(curved, { epsilon: 1e-6, steps: 2, restarts: 2 });
    expect(new Set(three.gradients)).toEqual(new Set([12]));
    expect(new Set((await apgdT.run(curved, { epsilon: 1e-6, steps: 2, targets: 2 })).gradients)).toEqual(new Set([4]));
  });

  it('is at least as strong as APGD of one target', async () => {
    for (const epsilon of [0.015, 0.025]) {
      const single = await apgdT.run(curved, { epsilon, steps: 15, targets: 1 });
      const all = await apgdT.run(curved, { epsilon, steps: 15 });
      single.success.forEach((success, at) => expect(success && !all.success[at]).toBe(false));
    }
  });
});
