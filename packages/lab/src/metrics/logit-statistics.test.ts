import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { check, LogitsResult } from '@retort/contracts';
import { rateOf } from '@retort/statistics';
import { beforeAll, describe, expect, it } from 'vitest';
import { linearImages, linearLabels, linearModel } from '../attacks/testing/classifiers.js';
import { calibration } from './calibration.js';
import { logitStatistics } from './logit-statistics.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const linear = { images: linearImages, labels: linearLabels };

describe('the logits of the linear model', () => {
  // By numpy, from the logits [.075, .2, .45] and [1.195, -.835, .505] of the check values.
  it('have their scale, margins, confidence and entropy', async () => {
    const result = await logitStatistics({ ...linear, classifier: linearModel() });
    expect(result.accuracy).toEqual(rateOf(2, 2));
    expect(result.abs_logit.mean).toBeCloseTo(0.543333333, 6);
    expect(result.abs_logit.standard_deviation).toBeCloseTo(0.377962373, 6);
    expect(result.abs_logit.largest).toBeCloseTo(1.195, 6);
    expect(result.margin.min).toBeCloseTo(0.25, 6);
    expect(result.margin.max).toBeCloseTo(0.69, 6);
    expect(result.confidence.min).toBeCloseTo(0.405500195, 6);
    expect(result.confidence.max).toBeCloseTo(0.612403027, 6);
    expect(result.entropy.max).toBeCloseTo(1.086095869, 6);
    expect(result.entropy.min).toBeCloseTo(0.865583147, 6);
    expect(check(LogitsResult, JSON.parse(JSON.stringify(result)))).toEqual({ ok: true, value: result });
  });

  it('keep a margin below 0 where it is wrong, and lose no entropy to overflow', async () => {
    const wrong = await logitStatistics({ ...linear, classifier: linearModel(), labels: [0, 1] });
    expect(wrong.accuracy).toEqual(rateOf(0, 2));
    expect(wrong.margin.min).toBeCloseTo(-2.03, 6);
    const huge = await logitStatistics({ ...linear, classifier: linearModel(1e4) });
    expect(huge.entropy.max).toBe(0);
    expect(huge.confidence.mean).toBe(1);
  });
});

describe('the calibration', () => {
  it('is the gap of accuracy and confidence, weighed by the bins', () => {
    // Two bins: (.9, .92 right and wrong) and (.5, .52, .55, one right); worked out by hand.
    const { error, bins } = calibration([0.9, 0.92, 0.5, 0.52, 0.53], [true, false, false, true, false]);
    expect(error).toBeCloseTo((Math.abs(1 - 1.82) + Math.abs(1 - 1.55)) / 5, 12);
    expect(bins).toHaveLength(15);
    expect(bins[13]).toEqual({
      above: 13 / 15,
      confidence: expect.closeTo(0.91, 12) as number,
      accuracy: rateOf(1, 2),
    });
    expect(bins[7]!.accuracy).toEqual(rateOf(1, 3));
    expect(bins.reduce((sum, { accuracy: { of } }) => sum + of, 0)).toBe(5);
  });

  it('is 0 where every certain prediction is right', () => {
    const perfect = calibration([1, 1, 1], [true, true, true]);
    expect(perfect).toMatchObject({ error: 0, error_interval: { low: 0, high: 0 } });
    expect(perfect.bins[14]!.accuracy).toEqual(rateOf(3, 3));
  });
});
