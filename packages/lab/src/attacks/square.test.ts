import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AttackContext } from './attack.js';
import { euclideanLength, scaledTo } from './norm-ball.js';
import { gridOf, squareSearch, windowShare, type SquareSearch } from './square-search.js';
import { squareShape } from './square-shape.js';
import { square } from './square.js';
import { formulaImages, formulaNet, labelsOf, linearImages, linearLabels, linearModel } from './testing/classifiers.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const linear: AttackContext = { classifier: linearModel(), images: linearImages, labels: linearLabels, seed: 1 };
const net = formulaNet({ inputShape: [6, 5, 2] });
const images = formulaImages(20, net);
const curved: AttackContext = { classifier: net, images, labels: labelsOf(net, images), seed: 1 };

function count(success: readonly boolean[]): number {
  return success.filter(Boolean).length;
}

describe('the Square attack', () => {
  // The smallest Linf and L2 sizes that change the label of each image of the linear model.
  it.each([
    ['linf', 0, 0.06410256, 1.0001],
    ['linf', 1, 0.16829268, 1.0001],
    ['l2', 0, 0.12007303, 1.1],
    ['l2', 1, 0.31709478, 1.25],
  ] as const)('fools the linear model from the smallest %s on, and never below: image %d', async (...of) => {
    const [norm, at, just, factor] = of;
    expect((await square.run(linear, { norm, queries: 500, epsilon: just * factor })).success[at]).toBe(true);
    expect((await square.run(linear, { norm, queries: 200, epsilon: just * 0.9999 })).success[at]).toBe(false);
  });

  it.each([
    ['linf', [0.0001, 0.03, 0.06, 0.5]],
    ['l2', [0.001, 0.2, 0.5, 5]],
  ] as const)('succeeds more often the larger epsilon is, and always in the end: %s', async (norm, epsilons) => {
    const successes: number[] = [];
    for (const epsilon of epsilons) {
      successes.push(count((await square.run(curved, { norm, epsilon, queries: 60 })).success));
    }
    expect(successes).toEqual([...successes].sort((a, b) => a - b));
    expect([successes[0], successes.at(-1)]).toEqual([0, 20]);
  });

  it('counts a forward pass a query, and no gradient', async () => {
    const outcome = await square.run(curved, { epsilon: 1e-6, queries: 9 });
    expect(new Set(outcome.forwards)).toEqual(new Set([9]));
    expect(new Set(outcome.gradients)).toEqual(new Set([0]));
    expect(outcome.noGradient).not.toContain(true);
  });

  it('keeps the image of the highest margin: more queries never lower it', async () => {
    const marginOf = (all: Float32Array, at: number) => {
      const z = net.logits64(Array.from(all.subarray(60 * at, 60 * at + 60)));
      const label = curved.labels[at]!;
      return Math.max(...z.filter((_, other) => other !== label)) - z[label]!;
    };
    for (const norm of ['linf', 'l2'] as const) {
      const few = await square.run(curved, { norm, epsilon: 0.01, queries: 1 });
      const many = await square.run(curved, { norm, epsilon: 0.01, queries: 40 });
      expect(count(many.success)).toBeLessThan(10);
      few.success.forEach((_, at) => {
        expect(marginOf(many.adversarial, at)).toBeGreaterThanOrEqual(marginOf(few.adversarial, at));
      });
    }
  });

  it('sees through inflated logits, which hide every gradient of the cross-entropy', async () => {
    const inflated: AttackContext = { ...linear, classifier: linearModel(500) };
    const parameters = { epsilon: 0.2, queries: 100 };
    const outcome = await square.run(inflated, parameters);
    expect(outcome.success).toEqual([true, true]);
    expect(outcome.adversarial).toEqual((await square.run(linear, parameters)).adversarial);
  });

  it('reaches a target that it is aimed at', async () => {
    const { success, predicted } = await square.run(linear, { epsilon: 0.25, queries: 200, target_offset: 1 });
    expect(success[0]).toBe(true);
    expect(predicted[0]).toBe(0);
  });
});

describe('the share of the image that a window covers', () => {
  it('is halved after iterations 10, 50, 200, 500, 1000, 2000, 4000, 6000 and 8000 of 10 000', () => {
    const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];
    halvings.forEach((halving, at) => {
      expect(windowShare(halving, 10000)).toBe(0.5 ** at);
      expect(windowShare(halving + 1, 10000)).toBe(0.5 ** (at + 1));
    });
    expect(windowShare(0, 10000)).toBe(1);
    expect(windowShare(9999, 10000)).toBe(0.5 ** 9);
  });

  it('is stretched over another number of queries', () => {
    expect([5, 6, 26, 4001].map((query) => windowShare(query, 5000))).toEqual([1, 0.5, 0.25, 1 / 512]);
  });
});

describe('the moves of the Square attack', () => {
  const grid = gridOf([10, 12, 3]);
  const zero = new Float64Array(360);

  function changed(search: SquareSearch, from: Float64Array, share: number, random: Random): Float64Array {
    const perturbation = from.slice();
    search.change(perturbation, share, random);
    return perturbation;
  }

  it('start in Linf as vertical stripes, a sign a column and channel', () => {
    const start = squareSearch('linf', 0.1, grid).start(Random.stream(1, 'start'));
    expect(new Set(start)).toEqual(new Set([0.1, -0.1]));
    start.forEach((value, at) => expect(value).toBe(start[at % 36]));
    expect(new Set(start.slice(0, 36)).size).toBe(2);
  });

  it('change in Linf one square window, each channel by one sign', () => {
    const random = Random.stream(2, 'windows');
    const search = squareSearch('linf', 0.1, grid);
    for (const [share, side] of [
      [0.8, 10],
      [0.3, 6],
      [0.01, 1],
      [1e-6, 1],
    ] as const) {
      const proposal = changed(search, zero, share, random);
      for (let channel = 0; channel < 3; channel++) {
        const places = Array.from(proposal.keys()).filter((at) => at % 3 === channel && proposal[at] !== 0);
        expect(places).toHaveLength(side * side);
        expect(new Set(places.map((at) => proposal[at])).size).toBe(1);
        const columns = places.map((at) => Math.floor(at / 3) % 12);
        expect(Math.max(...columns) - Math.min(...columns)).toBe(side - 1);
      }
    }
  });

  it('use in L2 the whole radius, from the start on and whatever was unused', () => {
    const random = Random.stream(3, 'windows');
    const search = squareSearch('l2', 2, grid);
    const start = search.start(random);
    expect(euclideanLength(start)).toBeCloseTo(2, 9);
    expect(start.every((value) => value !== 0)).toBe(true);
    const half = start.map((value) => value / 2);
    const rounded = start.map((value) => value * (1 + 1e-7));
    for (const perturbation of [start, half, zero, rounded]) {
      for (const share of [0.8, 0.1, 0.001]) {
        expect(euclideanLength(changed(search, perturbation, share, random))).toBeCloseTo(2, 9);
      }
    }
  });

  it('change in L2 at most two windows of an odd side, 3 at least', () => {
    const proposal = changed(squareSearch('l2', 2, grid), zero, 0.001, Random.stream(4, 'windows'));
    expect(proposal.filter((value) => value !== 0)).toHaveLength(27);
  });

  it('change in L2 one window at the cost of another, and nothing outside the two', () => {
    const random = Random.stream(9, 'windows');
    const search = squareSearch('l2', 2, grid);
    const start = scaledTo(
      2,
      Float64Array.from(zero, () => random.normal()),
    );
    for (let trial = 0; trial < 20; trial++) {
      const next = changed(search, start, 0.001, random);
      const places = Array.from(next.keys()).filter((at) => next[at] !== start[at]);
      const [emptied, gained] = [0, 1].map((sign) => places.filter((at) => Math.sign(Math.abs(next[at]!)) === sign));
      // Of two windows of 3 x 3 pixels and 3 channels, of which the one that gains lies over the other.
      expect(gained).toHaveLength(27);
      expect(emptied!.length).toBeLessThanOrEqual(27);
      const energy = (image: Float64Array, channel: number) =>
        places.reduce((sum, at) => (at % 3 === channel ? sum + image[at]! ** 2 : sum), 0);
      for (const channel of [0, 1, 2]) expect(energy(next, channel)).toBeCloseTo(energy(start, channel), 12);
    }
  });

  it('fit images smaller than their windows, and vectors', () => {
    for (const inputShape of [[1, 1, 1], [2, 3], [2, 9, 1], [7]]) {
      const small = gridOf(inputShape);
      for (const norm of ['linf', 'l2'] as const) {
        const search = squareSearch(norm, 0.5, small);
        const random = Random.stream(5, 'windows');
        const proposal = changed(search, search.start(random), 0.8, random);
        expect(proposal).toHaveLength(small.height * small.width * small.channels);
        expect(proposal.every(Number.isFinite)).toBe(true);
      }
    }
    expect(gridOf([7])).toEqual({ height: 1, width: 7, channels: 1 });
    expect(gridOf([2, 9])).toEqual({ height: 2, width: 9, channels: 1 });
  });
});

describe('the shape that is added in L2', () => {
  it('is of length 1, half a hill and half a hollow, across either axis', () => {
    const random = Random.stream(6, 'shapes');
    const shapes = Array.from({ length: 20 }, () => squareShape(4, 4, random));
    for (const shape of shapes) {
      expect(euclideanLength(shape)).toBeCloseTo(1, 12);
      expect(shape.filter((value) => value > 0)).toHaveLength(8);
      expect(shape.reduce((total, value) => total + value, 0)).toBeCloseTo(0, 12);
    }
    const firstRows = shapes.map((shape) => new Set(Array.from(shape.slice(0, 4), Math.sign)).size);
    expect(new Set(firstRows)).toEqual(new Set([1, 2]));
  });

  it('has the heights of the paper: sums of 1 / m² around the middle', () => {
    // One column of three: a hollow of one pixel, n = 0, of height 1; a hill of two, n = 1, its middle the second: 1/4 and 1 + 1/4.
    const shape = squareShape(3, 1, Random.stream(7, 'shapes'));
    const length = Math.hypot(1, 0.25, 1.25);
    [-1, 0.25, 1.25].forEach((height, at) => expect(shape[at]).toBeCloseTo(height / length, 12));
  });

  it('is a single hill on a single pixel', () => {
    expect([...squareShape(1, 1, Random.stream(8, 'shapes'))]).toEqual([1]);
  });
});
