import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import type { AttackName } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import type { AttackContext, AttackOutcome } from './attack.js';
import { cornerNet, linearImages, linearLabels, linearModel } from './testing/classifiers.js';
import { run } from './testing/contexts.js';
import { settings, type Parameters } from './testing/settings.js';

beforeAll(async () => {
  await setBackend('cpu');
});

type Norm = 'l1' | 'l2' | 'linf';

/** From (0.5, 0.4) to the corner (0.7, 0.8), beyond which alone the other class lies. */
const corner: AttackContext = { classifier: cornerNet(), images: Float32Array.of(0.5, 0.4), labels: [0], seed: 1 };
const toCorner = { l1: 0.6, l2: Math.hypot(0.2, 0.4), linf: 0.4 };

const linear: AttackContext = { classifier: linearModel(), images: linearImages, labels: linearLabels, seed: 1 };

function distances({ images, classifier }: AttackContext, { adversarial }: AttackOutcome, norm: Norm): number[] {
  const pixels = classifier.inputShape[0]!;
  return rows(adversarial, pixels).map((image, at) => distanceBetween(rows(images, pixels)[at]!, image, 1)[norm]);
}

describe.each(settings)('%s %j', (name, parameters) => {
  it.each([
    ['the corner', corner, { l2: [toCorner.l2], linf: [toCorner.linf] }],
    ['the linear model', linear, { l2: [0.12007303, 0.31709478], linf: [0.06410256, 0.16829268] }],
  ])('fools nothing nearer than the smallest distance there is: %s', async (_, context, smallest) => {
    const far = 'epsilon' in parameters && { epsilon: 0.5 };
    const outcome = await run(name, context, { ...parameters, ...far });
    for (const norm of ['l2', 'linf'] as const) {
      distances(context, outcome, norm).forEach((distance, at) => {
        if (outcome.predicted[at] !== context.labels[at]) {
          expect(distance).toBeGreaterThan(smallest[norm][at]! - 1e-6);
        }
      });
    }
  });
});

/** What finds the corner, though each gradient leads along one wall alone, and to within what share of its distance. */
const finding: [AttackName, Norm, number, Parameters][] = [
  ['deepfool', 'l2', 1e-3, { overshoot: 0 }],
  ['cw-l2', 'l2', 5e-3, { binary_search_steps: 6, initial_constant: 0.5, steps: 200, learning_rate: 0.02 }],
  ['cw-linf', 'linf', 1e-2, { steps: 200, initial_constant: 0.1, decrease_factor: 0.97, learning_rate: 0.02 }],
  ['ead', 'l1', 2e-2, { binary_search_steps: 8, initial_constant: 0.1, steps: 150, decision: 'l1', beta: 0.01 }],
  ['ddn', 'l2', 2e-2, {}],
  ['fmn', 'l2', 4e-2, {}],
  ['fmn', 'linf', 5e-3, { norm: 'linf' }],
  ['fab', 'l2', 2e-3, { steps: 20 }],
  ['fab', 'linf', 2e-3, { steps: 20, norm: 'linf' }],
];

describe.each(finding)('%s, in %s', (name, norm, tolerance, parameters) => {
  it(`finds the corner of two walls to within ${tolerance * 100} %`, async () => {
    const outcome = await run(name, corner, parameters);
    expect(outcome.success).toEqual([true]);
    expect(distances(corner, outcome, norm)[0]).toBeLessThan(toCorner[norm] * (1 + tolerance));
  });
});

/** What reaches the corner as soon as its ball does. */
const reaching: [AttackName, 'l2' | 'linf', Parameters][] = [
  ['bim', 'linf', { steps: 100, step_size: 0.01 }],
  ['mi-fgsm', 'linf', { steps: 50 }],
  ...(['linf', 'l2'] as const).flatMap((norm): [AttackName, 'l2' | 'linf', Parameters][] => [
    ['pgd', norm, { norm, steps: 200, step_size: 0.01 }],
    ['apgd', norm, { norm }],
    ['apgd', norm, { norm, loss: 'dlr' }],
    ['apgd-t', norm, { norm }],
  ]),
  ['square', 'linf', { queries: 500 }],
  ['autoattack', 'l2', { norm: 'l2', queries: 20 }],
];

describe.each(reaching)('%s, in %s: %j', (name, norm, parameters) => {
  it('fools the net exactly from where its ball reaches the corner of two walls', async () => {
    const at = async (share: number) => run(name, corner, { ...parameters, epsilon: share * toCorner[norm] });
    expect((await at(0.999)).success).toEqual([false]);
    expect((await at(1.005)).success).toEqual([true]);
  });
});
