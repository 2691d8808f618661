import { describe, expect, it } from 'vitest';
import { AttackMetrics, check } from '@retort/contracts';
import { attackMetrics } from './attack-metrics.js';
import { distanceBetween } from './distance.js';
import { distributionOf } from './distribution.js';
import { rateOf } from './rate.js';
import { worstCase } from './worst-case.js';

describe('the distance between two images', () => {
  it('has every norm, and counts positions apart from their channels', () => {
    // Two positions of three channels: both channels 0 and 2 of the first change, and none of the second.
    const original = Float32Array.of(0.5, 0.5, 0, 0.25, 1, 0);
    const image = Float32Array.of(0.25, 0.5, 0.5, 0.25, 1, 0);
    const expected = { l0: 2, l1: 0.75, l2: Math.sqrt(0.0625 + 0.25), linf: 0.5 };
    expect(distanceBetween(original, image, 3)).toEqual({ pixelsChanged: 1, ...expected });
    expect(distanceBetween(original, image, 1)).toEqual({ pixelsChanged: 2, ...expected });
    expect(distanceBetween(original, original, 1)).toEqual({ pixelsChanged: 0, l0: 0, l1: 0, l2: 0, linf: 0 });
  });
});

describe('a distribution', () => {
  it('has the quantiles of linear interpolation', () => {
    expect(distributionOf([3, 1, 4, 1, 5, 9, 2, 6])).toEqual({
      count: 8,
      mean: 3.875,
      min: 1,
      p5: 1,
      p25: 1.75,
      median: 3.5,
      p75: 5.25,
      p95: expect.closeTo(7.95, 12) as number,
      max: 9,
    });
  });

  it('keeps infinities, in the form in which they travel', () => {
    const spread = distributionOf([-Infinity, -80, -Infinity, -60, -70]);
    expect(spread).toMatchObject({
      mean: '-Infinity',
      p5: '-Infinity',
      p25: '-Infinity',
      median: -80,
      p75: -70,
      max: -60,
    });
  });

  it('of nothing is no number', () => {
    expect(distributionOf([])).toMatchObject({ count: 0, mean: 'NaN', median: 'NaN', max: 'NaN' });
  });
});

describe('the metrics of an attack', () => {
  const originals = Float32Array.of(0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1);
  const metrics = attackMetrics({
    classifier: { inputShape: [2, 2, 1], classes: 3 },
    originals,
    labels: [0, 2, 2],
    outcome: {
      adversarial: Float32Array.of(1, 0, 1, 0, 0.5, 0.5, 0.5, 0.5, 0, 1, 1, 1),
      predicted: [1, 2, 2],
      success: [true, false, false],
      noGradient: [false, true, false],
      gradients: [3, 1, 8],
      forwards: [1, 0, 0],
    },
  });

  it('has its rate over all examples, and its distances over the successes only', () => {
    expect(metrics.success).toEqual(rateOf(1, 3));
    expect(metrics.pixels_changed).toMatchObject({ count: 1, mean: 2, max: 2 });
    expect(metrics.l0).toMatchObject({ count: 1, median: 2 });
    expect(metrics.l1).toMatchObject({ count: 1, median: 2 });
    expect(metrics.l2).toMatchObject({ count: 1, median: Math.SQRT2 });
    expect(metrics.linf).toMatchObject({ count: 1, median: 1 });
  });

  it('has its cost, what had no gradient, and the classes of the denominator', () => {
    expect(metrics.gradients).toMatchObject({ count: 3, mean: 4, max: 8 });
    expect(metrics.forwards).toMatchObject({ count: 3, max: 1 });
    expect(metrics.no_gradient).toBe(1);
    expect(metrics.class_histogram).toEqual([1, 0, 2]);
  });

  it('fits its schema', () => {
    expect(check(AttackMetrics, JSON.parse(JSON.stringify(metrics)))).toEqual({ ok: true, value: metrics });
  });
});

describe('the worst case', () => {
  it('is every example that some attack fools', () => {
    const members = [
      [true, false, false, false],
      [false, true, false, false],
      [true, false, true, false],
    ];
    expect(worstCase(members)).toEqual([true, true, true, false]);
    expect(worstCase([members[0]!])).toEqual(members[0]);
  });

  it('refuses no attacks, and attacks on other examples', () => {
    expect(() => worstCase([])).toThrow('at least one');
    expect(() => worstCase([[true], [true, false]])).toThrow('1 and on 2');
  });
});
