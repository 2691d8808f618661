import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import type { AttackContext } from './attack.js';
import { jsma } from './jsma.js';
import { salientPair, salientPixel } from './saliency-map.js';
import { songSaliency } from './song-saliency.js';
import { formulaImages, formulaNet, labelsOf, linearImages, linearLabels, linearModel } from './testing/classifiers.js';

beforeAll(async () => {
  await setBackend('cpu');
});

// Image 0 is [.2, .7, .4, .5] with logits [.075, .2, .45], image 1 is [.9, .1, .3, .6] with logits [1.195, -.835, .505].
const linear: AttackContext = { classifier: linearModel(), images: linearImages, labels: linearLabels, seed: 1 };
const inflated: AttackContext = { ...linear, classifier: linearModel(500) };

/** Image 0 with some pixels changed, as float32 holds them. */
function image0(changes: Record<number, number>): number[] {
  return [0.2, 0.7, 0.4, 0.5].map((pixel, at) => Math.fround(changes[at] ?? pixel));
}

describe('the saliency map', () => {
  const target = [-0.5, 1, 0.25, -0.6];
  const others = [1.25, -0.25, -0.5, 1];

  it('chooses the pixel with the largest product among those that help', () => {
    // Pixel 1: 1 * .25 = .25; pixel 2: .25 * .5 = .125; pixels 0 and 3 hurt.
    expect(salientPixel({ target, others, free: [0, 1, 2, 3] })).toEqual([1]);
    expect(salientPixel({ target, others, free: [0, 2, 3] })).toEqual([2]);
    expect(salientPixel({ target, others, free: [0, 3] })).toEqual([]);
  });

  it('sums each derivative over a pair before it judges it', () => {
    // Pixels 1 and 2: 1.25 * .75; every other pair has a sum of the wrong sign.
    expect(salientPair({ target, others, free: [0, 1, 2, 3] })).toEqual([1, 2]);
    expect(salientPair({ target, others, free: [0, 1, 3] })).toEqual([]);
    // A pixel that hurts alone can be in the best pair: 0 and 1 give (5 - 1) * (3 - 1) = 8, 1 and 2 give 5.5 * .5.
    expect(salientPair({ target: [-1, 5, 0.5], others: [-3, 1, -1.5], free: [0, 1, 2] })).toEqual([0, 1]);
  });

  it('finds the best of all pairs, and of equal ones the first', () => {
    const random = Random.stream(2, 'pairs');
    for (let trial = 0; trial < 300; trial++) {
      // Few distinct values at times, so that there are ties.
      const draw = () =>
        Array.from({ length: 12 }, () => (trial < 200 ? random.below(9) - 4 : random.normal() - 0.5 * (trial % 3)));
      const map = { target: draw(), others: draw(), free: [0, 1, 3, 4, 5, 7, 8, 9, 10, 11] };
      const scored = map.free.flatMap((i, at) =>
        map.free.slice(at + 1).map((j) => {
          const [target, others] = [map.target[i]! + map.target[j]!, map.others[i]! + map.others[j]!];
          return { pair: [i, j], score: target > 0 && others < 0 ? -target * others : 0 };
        }),
      );
      const highest = Math.max(...scored.map(({ score }) => score));
      const expected = highest > 0 ? scored.find(({ score }) => score === highest)!.pair : [];
      expect(salientPair(map)).toEqual(expected);
    }
  });

  it('chooses nothing from a map that is zero', () => {
    expect(salientPixel({ target: [0, 0], others: [0, 0], free: [0, 1] })).toEqual([]);
    expect(salientPair({ target: [0, 0, 0], others: [0, 0, 0], free: [0, 1, 2] })).toEqual([]);
  });
});

describe('JSMA by hand: image 0 of the linear model towards class 1', () => {
  const towards1 = { target_offset: 2, saliency: 'logits' as const };

  it('moves one pixel at a time: first pixel 1, then pixel 2', async () => {
    // Pixel 1 at 1: logits [-.15, .5, .6]; pixel 2 at 1 too: [.15, .65, 0].
    const single = { ...towards1, search: 'single' as const };
    const first = await jsma.run(linear, { ...single, maximum_features: 1 });
    expect([...first.adversarial.slice(0, 4)]).toEqual(image0({ 1: 1 }));
    expect(first.success[0]).toBe(false);
    const all = await jsma.run(linear, { ...single, maximum_features: 4 });
    expect([...all.adversarial.slice(0, 4)]).toEqual(image0({ 1: 1, 2: 1 }));
    expect([all.success[0], all.predicted[0], all.gradients[0], all.forwards[0]]).toEqual([true, 1, 4, 3]);
  });

  it('moves the pair 1, 2 at once', async () => {
    const outcome = await jsma.run(linear, { ...towards1, maximum_features: 2 });
    expect([...outcome.adversarial.slice(0, 4)]).toEqual(image0({ 1: 1, 2: 1 }));
    expect([outcome.success[0], outcome.gradients[0]]).toEqual([true, 2]);
  });

  it('moves a pixel by theta, again and again, but no more often than it may', async () => {
    const parameters = { ...towards1, search: 'single' as const, theta: 0.125 };
    const twice = await jsma.run(linear, { ...parameters, maximum_features: 2 });
    expect([...twice.adversarial.slice(0, 4)]).toEqual(image0({ 1: Math.fround(0.7) + 0.25 }));
    const thrice = await jsma.run(linear, { ...parameters, maximum_features: 3 });
    expect([...thrice.adversarial.slice(0, 4)]).toEqual(image0({ 1: 1 }));
  });

  it('lowers pixels where it is told to', async () => {
    // Towards class 0, lowered pixel 1 is best: .75 * 1.5; pixel 1 at 0 gives logits [.6, -.5, .1].
    const outcome = await jsma.run(linear, {
      target_offset: 1,
      saliency: 'logits',
      search: 'single',
      direction: 'decrease',
      maximum_features: 3,
    });
    expect([...outcome.adversarial.slice(0, 4)]).toEqual(image0({ 1: 0 }));
    expect([outcome.success[0], outcome.predicted[0]]).toEqual([true, 0]);
  });
});

describe('JSMA', () => {
  it('is masked on probabilities at T=1, and not on logits or at T', async () => {
    const parameters = { target_offset: 2, maximum_features: 4 };
    const masked = await jsma.run(inflated, parameters);
    expect(masked.adversarial).toEqual(linearImages);
    expect(masked.noGradient).toEqual([true, true]);
    const plain = await jsma.run(linear, parameters);
    expect(plain.success).toEqual([true, true]);
    expect((await jsma.run(inflated, { ...parameters, temperature: 500 })).adversarial).toEqual(plain.adversarial);
    expect((await jsma.run(inflated, { ...parameters, saliency: 'logits' })).success).toEqual([true, true]);
  });

  it('gives up where no pixel favours the target', async () => {
    const images = new Float32Array(4).fill(1);
    const outcome = await jsma.run({ ...linear, images, labels: [0] }, { maximum_features: 4 });
    expect([...outcome.adversarial]).toEqual([1, 1, 1, 1]);
    expect(outcome.gradients).toEqual([2]);
  });

  it('spends no move on a pixel within a hundredth of the end of the box', async () => {
    const images = Float32Array.of(0.2, 0.992, 0.4, 0.5);
    const { adversarial } = await jsma.run(
      { ...linear, images, labels: [0] },
      { maximum_features: 1, search: 'single' },
    );
    expect(adversarial[1]).toBe(Math.fround(0.992));
    expect(adversarial).not.toEqual(images);
  });
});

describe("Song's saliency attack", () => {
  it.each(['gradient-float32', 'gradient-exact', 'finite-difference'] as const)(
    'sets the best pixel first and stops when the class changes: %s',
    async (score) => {
      // Image 0: pixel 2 has the largest score with either loss, and alone makes the logits [.375, .35, -.15].
      // Image 1: pixel 1 has, and makes them [.52, .065, .955].
      for (const loss of ['cross-entropy', 'margin'] as const) {
        const outcome = await songSaliency.run(linear, { score, loss });
        const expected = linearImages.slice();
        expected[2] = 1;
        expected[5] = 1;
        expect(outcome.adversarial).toEqual(expected);
        expect([outcome.success, outcome.predicted]).toEqual([
          [true, true],
          [0, 2],
        ]);
      }
    },
  );

  it('counts what it costs', async () => {
    const cost = async (score: 'gradient-float32' | 'gradient-exact' | 'finite-difference') => {
      const { gradients, forwards } = await songSaliency.run(linear, { score });
      return [gradients[0], forwards[0]];
    };
    expect(await cost('gradient-float32')).toEqual([1, 1]);
    expect(await cost('gradient-exact')).toEqual([1, 2]);
    expect(await cost('finite-difference')).toEqual([0, 6]);
  });

  it('never ranks a map that is zero: the example fails, and its image stays', async () => {
    // Of a margin that no single pixel spends, so that the finite differences are zero too.
    const images = Float32Array.of(1, 0.8, 1, 0.1);
    for (const score of ['gradient-float32', 'finite-difference'] as const) {
      const outcome = await songSaliency.run({ ...inflated, images, labels: [0] }, { score });
      expect(outcome.adversarial).toEqual(images);
      expect([outcome.success, outcome.noGradient]).toEqual([[false], [true]]);
    }
  });

  it('finds with the exact gradient what inflated logits hide', async () => {
    const plain = await songSaliency.run(linear, {});
    const exact = await songSaliency.run(inflated, { score: 'gradient-exact' });
    expect(exact.adversarial).toEqual(plain.adversarial);
    expect(exact.noGradient).toEqual([false, false]);
  });

  it('ranks with the exact gradient as with float32 where float32 suffices', async () => {
    const net = formulaNet({ activation: 'relu', hidden: 9 });
    const images = formulaImages(10, net);
    const context: AttackContext = { classifier: net, images, labels: labelsOf(net, images), seed: 1 };
    const float32 = await songSaliency.run(context, { score: 'gradient-float32' });
    const exact = await songSaliency.run(context, { score: 'gradient-exact' });
    expect(exact.adversarial).toEqual(float32.adversarial);
    expect(float32.success).toContain(true);
  });

  it('sets only pixels that raise the loss and are not 1 already', async () => {
    // Label 0, runner-up 2: only pixels 1 and 3 raise the loss.
    const images = Float32Array.of(0, 0.2, 1, 1, 0.9, 1, 0.9, 1);
    const outcome = await songSaliency.run({ ...linear, images, labels: [0, 0] }, { loss: 'margin' });
    expect(outcome.adversarial).toEqual(images.with(1, 1));
    expect([outcome.success, outcome.noGradient]).toEqual([
      [true, false],
      [false, false],
    ]);
  });

  it('sets no more pixels than it may', async () => {
    const net = formulaNet();
    const images = formulaImages(12, net);
    const context: AttackContext = { classifier: net, images, labels: labelsOf(net, images), seed: 1 };
    const { adversarial } = await songSaliency.run(context, { maximum_pixels: 2 });
    const changed = rows(adversarial, 20).map((image, at) =>
      image.filter((pixel, place) => pixel !== images[at * 20 + place]),
    );
    expect(Math.max(...changed.map((pixels) => pixels.length))).toBe(2);
    expect(changed.every((pixels) => pixels.every((pixel) => pixel === 1))).toBe(true);
  });
});
