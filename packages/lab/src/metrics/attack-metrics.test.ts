import { AttackMetrics, check, CURVE_STEPS, decodePositions } from '@retort/contracts';
import { rateOf } from '@retort/statistics';
import { describe, expect, it } from 'vitest';
import { accuracy } from './accuracy.js';
import { accuracyCurve } from './accuracy-curve.js';
import { attackMetrics } from './attack-metrics.js';
import { distanceBetween } from './distance.js';
import { exampleRecord } from './example-record.js';
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

describe('the metrics of an attack', () => {
  const originals = Float32Array.of(0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1);
  const metrics = attackMetrics({
    classifier: { inputShape: [2, 2, 1], classes: 3 },
    originals,
    labels: [0, 2, 2],
    clean: [0, 2, 1],
    outcome: {
      adversarial: Float32Array.of(1, 0, 1, 0, 0.5, 0.5, 0.5, 0.5, 0, 1, 1, 1),
      predicted: [1, 2, 2],
      confidence: [0.75, 0.5, 0.875],
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

  it('has the accuracy before and after, and the success over what was right before', () => {
    expect(metrics.clean_accuracy).toEqual(rateOf(2, 3));
    expect(metrics.robust_accuracy).toEqual(rateOf(2, 3));
    expect(metrics.success_over_correct).toEqual(rateOf(1, 2));
  });

  it('has the share of pixels changed, the change relative to the image, and the confidence, of the successes', () => {
    expect(metrics.rho_adv).toEqual({ count: 1, mean: 0.5, low: 0.5, high: 0.5 });
    // The only success started from a black image.
    expect(metrics.empirical_robustness).toMatchObject({ count: 1, mean: 'Infinity' });
    expect(metrics.confidence).toMatchObject({ count: 1, mean: 0.75, mean_interval: { low: 0.75, high: 0.75 } });
  });

  it('has a curve a norm: wrong before is wrong at 0, and a failure is right at every epsilon', () => {
    expect(metrics.accuracy_curves.linf).toEqual([
      { epsilon: 0, ...rateOf(2, 3) },
      { epsilon: 1, ...rateOf(1, 3) },
    ]);
    expect(metrics.accuracy_curves.l1.map(({ epsilon }) => epsilon)).toEqual([0, 2]);
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

describe('the curve of accuracy against epsilon', () => {
  it('steps down at each distance, by as many as lie there', () => {
    expect(accuracyCurve([0.3, 0.1, Infinity, 0.3])).toEqual([
      { epsilon: 0, ...rateOf(4, 4) },
      { epsilon: 0.1, ...rateOf(3, 4) },
      { epsilon: 0.3, ...rateOf(1, 4) },
    ]);
    expect(accuracyCurve([0, Infinity])).toEqual([{ epsilon: 0, ...rateOf(1, 2) }]);
    expect(accuracyCurve([])).toEqual([{ epsilon: 0, ...rateOf(0, 0) }]);
  });

  it('keeps points of the exact step function where the distances are many', () => {
    const found = [...Array.from({ length: 1000 }, (_, at) => (at * 37) % 1000), Infinity];
    const curve = accuracyCurve(found);
    expect(curve).toHaveLength(CURVE_STEPS + 1);
    expect(curve.at(-1)).toEqual({ epsilon: 999, ...rateOf(1, 1001) });
    for (const { epsilon, count } of curve) expect(count).toBe(1000 - epsilon);
  });
});

describe('the record of the examples', () => {
  it('names each set by positions in the test split', () => {
    const record = exampleRecord({
      indices: [0, 7, 8, 19],
      labels: [1, 1, 2, 2],
      test: 20,
      outcome: { predicted: [0, 1, 1, 0], success: [true, false, false, true] },
    });
    expect(record.test).toBe(20);
    expect(decodePositions(record.attacked)).toEqual([0, 7, 8, 19]);
    expect(decodePositions(record.succeeded)).toEqual([0, 19]);
    expect(decodePositions(record.correct)).toEqual([7]);
    // The lowest bit of the first byte, its highest, and the lowest of the second: 0x81, 0x01, then 1 << 3.
    expect(record.attacked).toBe(Buffer.from([0x81, 0x01, 0x08]).toString('base64'));
  });

  it('refuses a position outside the split', () => {
    const outcome = { predicted: [0], success: [true] };
    expect(() => exampleRecord({ indices: [20], labels: [1], test: 20, outcome })).toThrow('not one of the 20');
  });
});

describe('the accuracy', () => {
  it('counts what is predicted right', () => {
    expect(accuracy(Uint8Array.of(1, 2, 3), [1, 0, 3])).toEqual(rateOf(2, 3));
    expect(() => accuracy([1], [1, 2])).toThrow('2 labels');
  });
});
