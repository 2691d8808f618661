import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import type { AttackName } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import { size } from '../nets/plan.js';
import type { AttackContext, AttackOutcome } from './attack.js';
import {
  formulaImages,
  formulaNet,
  labelsOf,
  linearImages,
  linearLabels,
  linearModel,
  type Analytic,
} from './testing/classifiers.js';
import { contextOf, run } from './testing/contexts.js';
import { settings, type Parameters } from './testing/settings.js';

beforeAll(async () => {
  await setBackend('cpu');
});

type Norm = 'l2' | 'linf';

/** The smallest distances that change the labels of the two linear images, in closed form. */
const smallest = { l2: [0.12007303, 0.31709478], linf: [0.06410256, 0.16829268] };
/** Settings of Carlini and Wagner that the two images need. */
const cw: Parameters = { binary_search_steps: 4, initial_constant: 0.5, steps: 100, learning_rate: 0.02 };

const cwLinf: Parameters = { steps: 100, initial_constant: 0.1, decrease_factor: 0.97, learning_rate: 0.02 };

/** What reaches the smallest distance on the linear model, and to within what share of it. */
const exact: [AttackName, Norm, number, Parameters][] = [
  ['deepfool', 'l2', 1e-3, { overshoot: 0 }],
  ['deepfool', 'linf', 2e-3, { overshoot: 0, norm: 'linf' }],
  ['cw-l2', 'l2', 2e-2, cw],
  ['cw-linf', 'linf', 5e-2, cwLinf],
  ['ddn', 'l2', 5e-3, { loss: 'margin' }],
  ['fmn', 'l2', 5e-3, {}],
  ['fmn', 'linf', 5e-3, { norm: 'linf' }],
  ['fab', 'l2', 2e-3, { steps: 20 }],
  ['fab', 'l2', 2e-3, { steps: 10, boundaries: 'each', restarts: 2 }],
  ['fab', 'linf', 2e-3, { steps: 20, norm: 'linf' }],
];

/** Which of them can be aimed at a class. */
const aimed = exact.filter(([name]) => !['deepfool', 'fab'].includes(name));

const linear: AttackContext = { classifier: linearModel(), images: linearImages, labels: linearLabels, seed: 1 };

/** How far each image was moved, recomputed from the saved pixels. */
function distancesOf({ classifier, images }: AttackContext, { adversarial }: AttackOutcome, norm: Norm): number[] {
  const pixels = size(classifier.inputShape);
  const moved = rows(adversarial, pixels);
  return rows(images, pixels).map((original, at) => distanceBetween(original, moved[at]!, 1)[norm]);
}

describe.each(exact)('%s on the linear model, in %s', (name, norm, tolerance, parameters) => {
  it(`finds the smallest distance to within ${tolerance * 100} %, and nothing below it`, async () => {
    const outcome = await run(name, linear, parameters);
    expect(outcome.success).toEqual([true, true]);
    expect(outcome.predicted).toEqual([1, 2]);
    distancesOf(linear, outcome, norm).forEach((distance, at) => {
      expect(distance).toBeGreaterThan(smallest[norm][at]! - 1e-6);
      expect(distance).toBeLessThan(smallest[norm][at]! * (1 + tolerance));
    });
  });

  it('moves pixels that are exactly 0 and 1', async () => {
    // Logits [0.475, 0.4, -0.2] of class 0. Class 1 is nearest, along [-1.5, 1.75, -0.25, -0.8]: only pixels 0 and 3
    // can move that way, down from 1, and only pixel 1, up from 0.
    const images = Float32Array.of(1, 0, 0, 1);
    const classifier = linearModel();
    const context: AttackContext = { classifier, images, labels: labelsOf(linearModel(), images), seed: 1 };
    const outcome = await run(name, context, parameters);
    expect(outcome.success).toEqual([true]);
    expect(outcome.adversarial[0]).toBeLessThan(1);
    expect(outcome.adversarial[1]).toBeGreaterThan(0);
    expect(outcome.adversarial.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
  });
});

describe.each(aimed)('%s aimed at a class, in %s', (name, norm, tolerance, parameters) => {
  it('reaches that class, and never nearer than the smallest distance to any', async () => {
    for (const target_offset of [1, 2]) {
      const outcome = await run(name, linear, { ...parameters, target_offset });
      expect(outcome.predicted).toEqual(linearLabels.map((label) => (label + target_offset) % 3));
      distancesOf(linear, outcome, norm).forEach((distance, at) => {
        expect(distance).toBeGreaterThan(smallest[norm][at]! - 1e-6);
        const nearest = outcome.predicted[at] === [1, 2][at];
        if (nearest) expect(distance).toBeLessThan(smallest[norm][at]! * (1 + tolerance));
        else expect(distance).toBeGreaterThan(smallest[norm][at]! * 1.05);
      });
    }
  });
});

/** Short runs that are done with an image once it is adversarial, at whatever distance it lies. */
const stopping = settings.filter(
  ([name, { confidence }]) =>
    ['deepfool', 'cw-l2', 'cw-linf', 'cw-l0', 'ead', 'ddn', 'fmn', 'fab'].includes(name) && confidence === undefined,
);

describe.each(stopping)('%s %j', (name, parameters) => {
  it('spends no gradient on what is fooled already', async () => {
    const context = contextOf(formulaNet());
    const wrong = Array.from(context.labels, (label) => (label + 1) % 4);
    const offset = Number(parameters.target_offset ?? 0);
    const labels = offset === 0 ? wrong : Array.from(context.labels, (label) => (label + 4 - offset) % 4);
    const outcome = await run(name, { ...context, labels }, parameters);
    expect(outcome.adversarial).toEqual(context.images);
    expect(outcome.success).not.toContain(false);
    expect(new Set(outcome.gradients)).toEqual(new Set([0]));
    expect(new Set(outcome.forwards)).toEqual(new Set([1]));
  });
});

describe('DeepFool', () => {
  it('spends a gradient a candidate and step, and goes beyond by its overshoot', async () => {
    const outcome = await run('deepfool', linear, { overshoot: 0.3 });
    expect(outcome.gradients).toEqual([2, 2]);
    expect(outcome.forwards).toEqual([2, 2]);
    distancesOf(linear, outcome, 'l2').forEach((distance, at) =>
      expect(distance).toBeCloseTo(1.3 * (smallest.l2[at]! + 1e-4), 6),
    );
    expect((await run('deepfool', linear, { candidates: 1 })).gradients).toEqual([1, 1]);
  });
});

describe("Carlini and Wagner's L2 attack", () => {
  it('reaches the confidence asked for', async () => {
    const outcome = await run('cw-l2', linear, { ...cw, confidence: 0.5 });
    expect(outcome.success).toEqual([true, true]);
    rows(outcome.adversarial, 4).forEach((image, at) => {
      const logits = linearModel().logits64(Array.from(image));
      const others = logits.filter((_, index) => index !== outcome.predicted[at]);
      expect(logits[outcome.predicted[at]!]! - Math.max(...others)).toBeGreaterThan(0.5 - 1e-5);
    });
  });

  it('is led by logits of any scale, where the float32 cross-entropy has no gradient', async () => {
    const inflated: AttackContext = { ...linear, classifier: linearModel(500) };
    const outcome = await run('cw-l2', inflated, { ...cw, initial_constant: 0.001 });
    distancesOf(linear, outcome, 'l2').forEach((distance, at) =>
      expect(distance).toBeLessThan(smallest.l2[at]! * 1.02),
    );
  });

  it('aborts early only what no longer falls, and is no nearer without', async () => {
    const early = await run('cw-l2', linear, cw);
    const late = await run('cw-l2', linear, { ...cw, abort_early: false });
    expect(late.gradients).toEqual([400, 400]);
    early.gradients.forEach((gradients) => expect(gradients).toBeLessThan(400));
    const [near, nearer] = [distancesOf(linear, early, 'l2'), distancesOf(linear, late, 'l2')];
    near.forEach((distance, at) => expect(distance).toBeLessThan(1.01 * nearer[at]!));
  });

  it.each([
    ['goes on from the nearest adversarial image where a descent ran out of steps', true],
    ['begins each descent at the original image where none is to stop early', false],
  ])('%s', async (_, abort_early) => {
    const asked: number[][] = [];
    const net = linearModel();
    const logits: Analytic['logits'] = (batch) => (asked.push(Array.from(batch.dataSync())), net.logits(batch));
    const context = { classifier: { ...net, logits }, images: linear.images.slice(0, 4), labels: [2], seed: 11 };
    const isLabel = (image: readonly number[]) => labelsOf(net, Float32Array.from(image))[0] === 2;
    await run('cw-l2', context, {
      steps: 16,
      binary_search_steps: 2,
      initial_constant: 1,
      learning_rate: 0.01,
      abort_early,
    });
    const [original, ...walk] = asked;
    const distance = (image: readonly number[]) => Math.hypot(...image.map((pixel, at) => pixel - original![at]!));
    const adversarial = walk.slice(0, 16).filter((image) => !isLabel(image));
    const nearest = adversarial.sort((a, b) => distance(a) - distance(b))[0];
    expect(walk[16]).toEqual(abort_early ? nearest : original);
  });
});

describe.each(['ddn', 'fmn'] as const)('%s', (name) => {
  it('costs a gradient a step, whatever it finds, and a forward pass for each image besides', async () => {
    const outcome = await run(name, linear, { steps: 20, final_search_steps: 4 });
    expect(outcome.gradients).toEqual([20, 20]);
    expect(outcome.forwards).toEqual([7, 7]);
  });

  it('is no further for its last search', async () => {
    const context = contextOf(formulaNet(), formulaImages(12, formulaNet()));
    const searched = await run(name, context, { steps: 30 });
    const unsearched = await run(name, context, { steps: 30, final_search_steps: 0 });
    expect(searched.success).toEqual(unsearched.success);
    expect(searched.success).not.toContain(false);
    const before = distancesOf(context, unsearched, 'l2');
    distancesOf(context, searched, 'l2').forEach((distance, at) => expect(distance).toBeLessThanOrEqual(before[at]!));
  });
});

describe('DDN', () => {
  it('steps at random where the float32 cross-entropy has no gradient, until one leads', async () => {
    const inflated: AttackContext = { ...linear, classifier: linearModel(500) };
    const outcome = await run('ddn', inflated, { steps: 200 });
    expect(outcome.success).toEqual([true, true]);
    distancesOf(linear, outcome, 'l2').forEach((distance, at) => {
      expect(distance).toBeGreaterThan(smallest.l2[at]! - 1e-6);
      expect(distance).toBeLessThan(smallest.l2[at]! * 1.05);
    });
    expect(await run('ddn', inflated, { steps: 200 })).toEqual(outcome);
  });
});

describe('FAB', () => {
  it('counts a gradient a step for each candidate beside two forward passes, and as many for runs of their own', async () => {
    const parameters = { steps: 5, final_search_steps: 2 };
    const together = await run('fab', linear, parameters);
    expect([together.gradients, together.forwards]).toEqual([
      [10, 10],
      [14, 14],
    ]);
    const each = await run('fab', linear, { ...parameters, boundaries: 'each', restarts: 3 });
    expect([each.gradients, each.forwards]).toEqual([
      [30, 30],
      [64, 64],
    ]);
  });

  it('is no further for more runs, and another seed runs elsewhere', async () => {
    const net = formulaNet({ activation: 'relu', hidden: 9 });
    const context = contextOf(net, formulaImages(8, net));
    const once = await run('fab', context, { steps: 8, final_search_steps: 0 });
    const thrice = await run('fab', context, { steps: 8, final_search_steps: 0, restarts: 3 });
    const before = distancesOf(context, once, 'l2');
    distancesOf(context, thrice, 'l2').forEach((distance, at) => {
      if (once.success[at]) expect(distance).toBeLessThanOrEqual(before[at]!);
    });
    const short = { steps: 1, final_search_steps: 0, restarts: 4 };
    const elsewhere = await run('fab', { ...context, seed: 12 }, short);
    expect(elsewhere.adversarial).not.toEqual((await run('fab', context, short)).adversarial);
  });
});

describe("Carlini and Wagner's L0 attack", () => {
  const parameters = { steps: 60, initial_constant: 0.1, largest_constant: 10, learning_rate: 0.1 };

  it('changes the one pixel that suffices, on the linear model', async () => {
    // Image 0: pixel 3 alone can fall far enough; image 1: pixel 1 alone can rise far enough.
    const outcome = await run('cw-l0', linear, parameters);
    expect(outcome.success).toEqual([true, true]);
    rows(outcome.adversarial, 4).forEach((image, at) =>
      expect(distanceBetween(rows(linearImages, 4)[at]!, image, 1).l0).toBe(1),
    );
  });

  it('fools a curved net with fewer than half of the values', async () => {
    const context = contextOf(formulaNet(), formulaImages(4, formulaNet()));
    const outcome = await run('cw-l0', context, parameters);
    expect(outcome.success).not.toContain(false);
    rows(outcome.adversarial, 20).forEach((image, at) =>
      expect(distanceBetween(rows(context.images, 20)[at]!, image, 1).l0).toBeLessThan(10),
    );
  });
});

describe('the elastic-net attack', () => {
  // Image 0: the gap .25 over the steepest slope, that of pixel 3, 1.4. Image 1: the gap .69, of which pixel 2 gives
  // 1.5 * .3 before it is 0, and pixel 1 the rest at a slope of 1.25.
  const smallestL1 = [0.25 / 1.4, 0.3 + 0.24 / 1.25];
  const parameters = { binary_search_steps: 8, initial_constant: 0.1, steps: 150, decision: 'l1' };
  const l1 = (outcome: AttackOutcome) =>
    rows(outcome.adversarial, 4).map((image, at) => distanceBetween(rows(linearImages, 4)[at]!, image, 1).l1);

  it('comes near the smallest L1 distance on the linear model, and never below it', async () => {
    const outcome = await run('ead', linear, { ...parameters, beta: 0.01 });
    expect(outcome.success).toEqual([true, true]);
    l1(outcome).forEach((distance, at) => {
      expect(distance).toBeGreaterThan(smallestL1[at]! - 1e-6);
      expect(distance).toBeLessThan(smallestL1[at]! * 1.1);
    });
  });

  it('changes less in L1 the more L1 counts', async () => {
    const little = l1(await run('ead', linear, { ...parameters, beta: 0 }));
    l1(await run('ead', linear, { ...parameters, beta: 0.01 })).forEach((distance, at) =>
      expect(distance).toBeLessThan(little[at]!),
    );
  });
});
