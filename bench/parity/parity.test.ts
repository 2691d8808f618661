import { attackParameters, check } from '@retort/contracts';
import { describe, expect, it } from 'vitest';
import type { Comparison, Outcome } from './comparison.js';
import { comparisons } from './comparisons.js';
import { measure } from './measurement.js';
import { table } from './table.js';

/** Three images of two pixels of a net with three classes. */
const subject = {
  net: { inputShape: [1, 2, 1], classes: 3 },
  images: Float32Array.of(0, 0, 0.5, 0.5, 1, 1),
  labels: [0, 1, 2],
};

function outcome(adversarial: number[], predicted: number[]): Outcome {
  return { adversarial: Float32Array.from(adversarial), predicted, gradients: 4, forwards: 5, seconds: 0.5 };
}

describe('measure', () => {
  it('counts what fools over all examples, and measures the successes alone', () => {
    const found = outcome([0.3, 0.4, 0.5, 0.5, 1, 0], [1, 1, 0]);
    expect(measure({ measure: 'l2' }, subject, found)).toMatchObject({
      successes: 2,
      examples: 3,
      mean: expect.closeTo(0.75, 6) as number,
      median: expect.closeTo(0.75, 6) as number,
      outside: 0,
      gradients: 4,
    });
    expect(measure({ measure: 'l0' }, subject, found)).toMatchObject({ mean: 1.5 });
  });

  it('counts no image beyond the radius or the pixel box', () => {
    const found = outcome([0.1, 0.1, 0.5, 0.71, 1, 1.1], [1, 2, 0]);
    expect(measure({ measure: 'linf', radius: 0.2 }, subject, found)).toMatchObject({ successes: 1, outside: 2 });
  });

  it('counts the target alone where there is one', () => {
    const found = outcome([0, 0, 0, 0, 0, 0], [1, 0, 0]);
    expect(measure({ measure: 'l2', targetOffset: 1 }, subject, found)).toMatchObject({ successes: 2, outside: 0 });
  });

  it('has no distance where nothing fooled, and no numbers of a run that failed', () => {
    expect(measure({ measure: 'l2' }, subject, outcome([0, 0, 0, 0, 0, 0], [0, 1, 2]))).toMatchObject({
      successes: 0,
      mean: null,
      median: null,
    });
    expect(measure({ measure: 'l2' }, subject, { error: 'KeyError' })).toEqual({ error: 'KeyError' });
    expect(measure({ measure: 'l2' }, subject, outcome([0], [1, 1, 1]))).toEqual({
      error: '1 pixel values came back, not 6',
    });
  });
});

describe('comparisons', () => {
  it.each(comparisons.map((each) => [`${each.name}, ${each.measure}, ${each.net}`, each] as const))(
    '%s has parameters that Retort accepts',
    (_, { ours }) => {
      expect(check(attackParameters[ours.attack], ours.parameters)).toMatchObject({ ok: true });
    },
  );

  it('gives ours the radius that success is judged by', () => {
    // FAB has none: it looks for the nearest image, whatever the radius.
    for (const { radius, ours } of comparisons) {
      if (ours.attack !== 'fab') expect(ours.parameters.epsilon).toBe(radius);
    }
  });
});

describe('table', () => {
  it('names each comparison once and states every denominator', () => {
    const comparison: Comparison = { ...comparisons[0]!, name: 'FGSM', measure: 'linf', radius: 0.1 };
    const measurement = measure(comparison, subject, outcome([0.1, 0, 0.5, 0.5, 1, 1], [1, 1, 2]));
    const lines = table([
      { comparison, library: 'retort', attack: 'fgsm', measurement },
      { comparison, library: 'foolbox', attack: 'FGSM', measurement: { error: 'KeyError: x' } },
    ]).split('\n');
    expect(lines.slice(2)).toEqual([
      '| FGSM; Linf ≤ 0.1 | **retort** | 1/3 | 0.10000 | 0.10000 | 4.0 | 5.0 | 0.5 |',
      '|  | foolbox `FGSM` | failed: KeyError: x |  |  |  |  |  |',
    ]);
  });
});
