import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { check, fromJsonNumber, LossSensitivityResult } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  centralDifferences,
  formulaImages,
  formulaNet,
  labelsOf,
  linearImages,
  linearLabels,
  linearModel,
} from '../attacks/testing/classifiers.js';
import { lossSensitivity } from './loss-sensitivity.js';

beforeAll(async () => {
  await setBackend('cpu');
});

describe('the loss sensitivity', () => {
  it('is the mean norm of the gradient, by central differences in double precision', async () => {
    const net = formulaNet();
    const images = formulaImages(4, net);
    const labels = labelsOf(net, images);
    const gradients = labels.map((label, at) =>
      centralDifferences(
        (image) => {
          const logits = net.logits64(image);
          return Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0)) - logits[label]!;
        },
        Array.from(images.subarray(20 * at, 20 * (at + 1))),
      ),
    );
    const mean = (norm: (gradient: number[]) => number) =>
      gradients.reduce((total, gradient) => total + norm(gradient), 0) / gradients.length;
    const { l1, l2, class_histogram } = await lossSensitivity({ classifier: net, images, labels, batchSize: 3 });
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(10 ** fromJsonNumber(l1.log10_mean)).toBeCloseTo(
      mean((g) => sum(g.map(Math.abs))),
      4,
    );
    expect(10 ** fromJsonNumber(l2.log10_mean)).toBeCloseTo(
      mean((g) => Math.sqrt(sum(g.map((v) => v * v)))),
      4,
    );
    expect(sum(class_histogram)).toBe(4);
  });

  it('does not underflow: image 1 of the linear model times 200', async () => {
    // The largest component is 2.336e-58 x 1.5 (facts of the check values: 3.503343745571e-58), and the gradient a
    // multiple of [-.75, 1.25, -1.5, .6], whose L1 is 4.1 / 1.5 of it.
    const image = { images: linearImages.slice(4), labels: [linearLabels[1]!] };
    const result = await lossSensitivity({ ...image, classifier: linearModel(200) });
    expect(result.l1.log10_mean).toBeCloseTo(Math.log10((3.503343745571e-58 * 4.1) / 1.5), 4);
    expect(result.l1.log10_mean_interval.low).toBeCloseTo(fromJsonNumber(result.l1.log10_mean), 10);
    expect(check(LossSensitivityResult, JSON.parse(JSON.stringify(result)))).toEqual({ ok: true, value: result });
  });

  it('at T of T times the logits is that of the logits, divided by T', async () => {
    const linear = { images: linearImages, labels: linearLabels };
    const plain = await lossSensitivity({ ...linear, classifier: linearModel(3) });
    const atT = await lossSensitivity({ ...linear, classifier: linearModel(60), temperature: 20 });
    expect(atT.l2.log10_mean).toBeCloseTo(fromJsonNumber(plain.l2.log10_mean), 5);
  });
});
