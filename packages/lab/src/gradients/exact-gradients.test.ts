import '@tensorflow/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  formulaImages,
  formulaNet,
  labelsOf,
  linearImages,
  linearModel,
  type Analytic,
} from '../attacks/testing/classifiers.js';
import { deployAt } from '../classifier.js';
import { size } from '../nets/plan.js';
import { crossEntropyWeights } from './cross-entropy-weights.js';
import { exactGradients } from './exact-gradients.js';
import { exactInputGradient } from './exact-input-gradient.js';
import { logitJacobian } from './testing/logit-jacobian.js';
import { rows } from './rows.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const x1 = linearImages.subarray(0, 4);
const x2 = linearImages.subarray(4);

/** log10 of the largest magnitude of an image's gradient, by the whole Jacobian and by one scaled backward pass. */
async function log10MaxAbs(net: Analytic, image: Float32Array, temperature = 1): Promise<[number, number]> {
  const [label] = labelsOf(net, image);
  const exact = await exactGradients(net, image, [label!], temperature);
  const jacobian = await logitJacobian(net, image);
  const reference = exactInputGradient({ logits: exact.logits, jacobian, label: label!, temperature });
  const largest = Math.max(...exact.directions.map(Math.abs));
  return [reference.log10MaxAbs, exact.logScales[0]! / Math.LN10 + Math.log10(largest)];
}

describe('the derivative of the cross-entropy by the logits', () => {
  it('keeps 1 - p where float32 and float64 round it to 0', () => {
    const { weights, logScale, logProbability } = crossEntropyWeights([60, 0, -5, 3, 1, 2, -20, 4, 5, 6], 0, 1);
    expect(1 - Math.exp(logProbability)).toBe(0);
    expect(-weights[0]! * Math.exp(logScale)).toBeCloseTo(5.583499030868848e-24, 37);
    expect(-Math.expm1(logProbability)).toBeCloseTo(5.583499030868848e-24, 37);
  });

  it('is p_j / T, and (p_y - 1) / T for the label, where nothing underflows', () => {
    const logits = [0.4, -1, 2, 0.9];
    const powers = logits.map((logit) => Math.exp(logit / 3));
    const total = powers.reduce((sum, power) => sum + power, 0);
    for (const label of [0, 1, 2, 3]) {
      const { weights, logScale, logProbability } = crossEntropyWeights(logits, label, 3);
      weights.forEach((weight, k) => {
        const expected = (powers[k]! / total - (k === label ? 1 : 0)) / 3;
        expect(weight * Math.exp(logScale)).toBeCloseTo(expected, 14);
      });
      expect(Math.exp(logProbability)).toBeCloseTo(powers[label]! / total, 14);
    }
  });

  it('reaches magnitudes that no double holds', () => {
    const { weights, logScale } = crossEntropyWeights([4000, 0], 0, 1);
    expect([...weights]).toEqual([-1, 1]);
    expect(logScale).toBe(-4000);
  });

  it('refuses logits that are not finite', () => {
    expect(() => crossEntropyWeights([1, NaN, 0], 0, 1)).toThrow('class 1 is NaN');
    expect(() => crossEntropyWeights([1, 0, -Infinity], 0, 1)).toThrow('class 2 is -Infinity');
  });
});

describe('the exact input gradient of the linear model with inflated logits', () => {
  // max|dCE/dx| by decimal arithmetic of 200 digits.
  it.each([
    [1, x2, 5.247113520885e-1],
    [50, x2, 7.796535087527e-14],
    [100, x2, 1.620958916561e-28],
    [200, x2, 3.503343745571e-58],
    [500, x1, 3.616494442987e-52],
  ])('times %d has the magnitude of the reference', async (scale, image, expected) => {
    for (const found of await log10MaxAbs(linearModel(scale), image)) {
      // float32 holds a logit margin of some 100 to 1e-5, which is a relative error of 1e-5 in the gradient.
      expect(Math.abs(found - Math.log10(expected))).toBeLessThan(2e-5);
    }
  });

  // float64 alone masks too: p_y - 1 has no digits left from a margin of 37 on, so that the label's term vanishes.
  // These are the values that plain float64 arithmetic gives, as they are quoted elsewhere; they are not the gradient.
  it.each([
    [50, x2, 7.973e-14],
    [100, x2, 1.081e-28],
    [200, x2, 2.336e-58],
    [500, x1, 2.583e-52],
  ])('times %d is not what plain float64 gives, which loses the term of the label', async (scale, image, naive) => {
    const net = linearModel(scale);
    const logits = net.logits64(Array.from(image, (pixel) => Math.round(pixel * 10) / 10));
    const label = logits.indexOf(Math.max(...logits));
    const powers = logits.map((logit) => Math.exp(logit - logits[label]!));
    const total = powers.reduce((sum, power) => sum + power, 0);
    const jacobian = rows(await logitJacobian(net, image), 4);
    const gradient = Array.from({ length: 4 }, (_, pixel) =>
      logits.reduce((sum, __, k) => sum + (powers[k]! / total - (k === label ? 1 : 0)) * jacobian[k]![pixel]!, 0),
    );
    const largest = Math.max(...gradient.map(Math.abs));
    expect(Math.abs(largest / naive - 1)).toBeLessThan(1e-3);
    const [exact] = await log10MaxAbs(net, image);
    expect(Math.abs(10 ** (exact - Math.log10(largest)) - 1)).toBeGreaterThan(0.02);
  });
});

describe('one scaled backward pass', () => {
  const nets: [string, Analytic][] = [
    ['a tanh net', formulaNet({ scale: 3 })],
    ['a ReLU net', formulaNet({ activation: 'relu', hidden: 9, scale: 40 })],
    ['two classes', formulaNet({ classes: 2, scale: 300 })],
    ['a hundred classes', formulaNet({ classes: 100, inputShape: [6], scale: 100 })],
  ];

  it.each(nets)('equals the combination of the whole Jacobian: %s', async (_, net) => {
    const images = formulaImages(4, net);
    const pixels = size(net.inputShape);
    for (const label of [0, net.classes - 1]) {
      const labels = [label, label, label, label];
      const exact = await exactGradients(net, images, labels, 1);
      const jacobians = rows(await logitJacobian(net, images), net.classes * pixels);
      rows(exact.directions, pixels).forEach((found, at) => {
        const logits = rows(exact.logits, net.classes)[at]!;
        const { direction, log10MaxAbs } = exactInputGradient({
          logits,
          jacobian: jacobians[at]!,
          label,
          temperature: 1,
        });
        const largest = Math.max(...found.map(Math.abs));
        found.forEach((value, pixel) => expect(Math.abs(value / largest - direction[pixel]!)).toBeLessThan(1e-5));
        expect(exact.logScales[at]! / Math.LN10 + Math.log10(largest)).toBeCloseTo(log10MaxAbs, 5);
      });
    }
  });

  it('of S times the logits at T equals that of S / T times the logits at 1', async () => {
    const image = formulaImages(1, formulaNet());
    const [atT] = await log10MaxAbs(formulaNet({ scale: 60 }), image, 20);
    const [atOne] = await log10MaxAbs(formulaNet({ scale: 3 }), image);
    expect(atT).toBeCloseTo(atOne, 5);
  });

  it('of the logits times 20 is that of the net deployed at 1/20', async () => {
    const image = formulaImages(1, formulaNet());
    const labels = labelsOf(formulaNet(), image);
    const scaled = await exactGradients(formulaNet({ scale: 20 }), image, labels, 1);
    const deployed = await exactGradients(deployAt(formulaNet(), 1 / 20), image, labels, 1);
    expect(deployed.logScales[0]).toBeCloseTo(scaled.logScales[0]!, 4);
    deployed.directions.forEach((value, at) => expect(value).toBeCloseTo(scaled.directions[at]!, 3));
  });

  it('leaves no tensors behind', async () => {
    const net = formulaNet();
    const images = formulaImages(3, net);
    const before = memory().numTensors;
    await exactGradients(net, images, [0, 1, 2], 1);
    expect(memory().numTensors).toBe(before);
  });
});

describe('an exact input gradient that is zero', () => {
  it('has no direction and an exponent of -Infinity', () => {
    const zero = exactInputGradient({ logits: [3, 1], jacobian: [0.5, -1, 0.5, -1], label: 0, temperature: 1 });
    expect(zero).toEqual({ direction: Float64Array.of(0, 0), log10MaxAbs: -Infinity });
  });
});
