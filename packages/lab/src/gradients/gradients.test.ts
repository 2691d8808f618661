import '@tensorflow/tfjs';
import { memory, setBackend, softmax } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  centralDifferences,
  formulaImages,
  formulaNet,
  labelsOf,
  linearModel,
} from '../attacks/testing/classifiers.js';
import type { Analytic } from '../attacks/testing/classifiers.js';
import { lossNamed, type Loss } from '../losses/loss.js';
import { createNet } from '../nets/net.js';
import { size } from '../nets/plan.js';
import { logitJacobian } from './testing/logit-jacobian.js';
import { lossGradients } from './loss-gradients.js';
import { outputGradients } from './output-gradients.js';
import { rows } from './rows.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const nets: [string, Analytic][] = [
  ['a linear model', linearModel()],
  ['a tanh net', formulaNet()],
  ['a ReLU net', formulaNet({ activation: 'relu', hidden: 9 })],
  ['a net of two classes', formulaNet({ classes: 2, inputShape: [3, 2, 3] })],
  ['a net of a hundred classes', formulaNet({ classes: 100, inputShape: [6] })],
];

function crossEntropy64(logits: readonly number[], label: number): number {
  return Math.log(logits.reduce((total, logit) => total + Math.exp(logit - logits[label]!), 0));
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  const largest = Math.max(...expected.map(Math.abs));
  expected.forEach((value, at) => expect(Math.abs(found[at]! - value)).toBeLessThan(1e-4 * largest + 1e-9));
}

describe.each(nets)('of %s', (_, net) => {
  const images = formulaImages(3, net);
  const labels = labelsOf(net, images);
  const each = rows(images, size(net.inputShape)).map((image) => Array.from(image));

  it.each(['cross-entropy', 'margin', 'dlr'] as const)(
    'the %s gradient is that of finite differences',
    async (name) => {
      const { gradients, logits } = await lossGradients(net, images, labels, lossNamed(name, 1));
      rows(gradients, size(net.inputShape)).forEach((gradient, at) => {
        const label = labels[at]!;
        const of = (image: readonly number[]) => {
          const z = net.logits64(image);
          const margin = Math.max(...z.filter((__, other) => other !== label)) - z[label]!;
          const ranked = [...z].sort((a, b) => b - a);
          const spread = net.classes < 3 ? 1 : ranked[0]! - ranked[2]!;
          return { 'cross-entropy': crossEntropy64(z, label), margin, dlr: margin / spread }[name];
        };
        expectClose(gradient, centralDifferences(of, each[at]!));
      });
      rows(logits, net.classes).forEach((row, at) => expectClose(row, net.logits64(each[at]!)));
    },
  );

  it('the logit Jacobian is that of finite differences', async () => {
    const pixels = size(net.inputShape);
    const jacobian = rows(await logitJacobian(net, images), pixels);
    expect(jacobian).toHaveLength(3 * net.classes);
    each.forEach((image, at) => {
      for (const k of [0, 1, net.classes - 1]) {
        expectClose(
          jacobian[at * net.classes + k]!,
          centralDifferences((x) => net.logits64(x)[k]!, image),
        );
      }
    });
  });
});

describe('outputGradients', () => {
  it('differentiates a weighted sum of what is made of the logits', async () => {
    const net = formulaNet();
    const images = formulaImages(2, net);
    const weights = [1, -2, 0, 0.5, 0, 3, 1, 1];
    const { gradients } = await outputGradients(net, images, Float32Array.from(weights), (z) => softmax(z));
    rows(gradients, 20).forEach((gradient, at) => {
      const of = (image: readonly number[]) => {
        const powers = net.logits64(image).map(Math.exp);
        const total = powers.reduce((sum, power) => sum + power, 0);
        return powers.reduce((sum, power, k) => sum + (weights[at * 4 + k]! * power) / total, 0);
      };
      expectClose(gradient, centralDifferences(of, Array.from(rows(images, 20)[at]!)));
    });
  });
});

describe('a backward pass', () => {
  const net = formulaNet();
  const images = formulaImages(5, net);
  const labels = labelsOf(net, images);
  const loss = lossNamed('cross-entropy', 1);

  it('gives a batch what it gives each example alone', async () => {
    const whole = await lossGradients(net, images, labels, loss);
    for (const [at, image] of rows(images, 20).entries()) {
      const alone = await lossGradients(net, image, [labels[at]!], loss);
      expect(alone.gradients).toEqual(rows(whole.gradients, 20)[at]);
      expect(alone.logits).toEqual(rows(whole.logits, 4)[at]);
    }
  });

  it.each(['cross-entropy', 'margin', 'dlr'] as const)(
    'gives by the stated derivative of the %s loss what TensorFlow.js draws from its record',
    async (name) => {
      const layered = createNet({
        architecture: 'lenet-300-100',
        inputShape: net.inputShape,
        classes: net.classes,
        initialisation: { name: 'he-normal', output_scale: 'one' },
        temperature: 1,
        seed: 3,
      });
      const stating = lossNamed(name, 0.5);
      const derived: Loss = (logits, of) => stating(logits, of);
      expect(stating.evaluate).toBeDefined();
      const stated = await lossGradients(layered, images, labels, stating);
      expect(stated.gradients.some((slope) => slope !== 0)).toBe(true);
      expect(stated).toEqual(await lossGradients(layered, images, labels, derived));
      layered.dispose();
    },
  );

  it('leaves no tensors behind', async () => {
    const before = memory().numTensors;
    await lossGradients(net, images, labels, loss);
    await logitJacobian(net, images);
    expect(memory().numTensors).toBe(before);
  });

  it('refuses half an image', async () => {
    await expect(lossGradients(net, images.subarray(0, 30), [0], loss)).rejects.toThrow('20 values each');
  });
});
