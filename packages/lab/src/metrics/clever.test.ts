import '@tensorflow/tfjs';
import { concat, mul, setBackend, sub, sum, tidy, zerosLike, type Tensor2D } from '@tensorflow/tfjs-core';
import { CleverResult, check, fromJsonNumber } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  formulaImages,
  formulaNet,
  labelsOf,
  linearImages,
  linearLabels,
  linearModel,
} from '../attacks/testing/classifiers.js';
import type { Classifier } from '../classifier.js';
import { clever, type CleverCheckpoint } from './clever.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const linear = { classifier: linearModel(), images: linearImages, labels: linearLabels, seed: 0 };
const few = { radius: 5, batches: 10, samples: 4 };

describe('CLEVER', () => {
  // The least distances of the linear model's check values: its gradient is the same everywhere, so the score is exact.
  it.each([
    ['l2', 0.12007303, 0.31709478],
    ['linf', 0.06410256, 0.16829268],
  ] as const)('of a linear net is the least distance in %s', async (norm, first, second) => {
    const result = await clever({ ...linear, ...few, norm });
    expect(result.score).toMatchObject({ count: 2 });
    expect(result.score.min).toBeCloseTo(first, 6);
    expect(result.score.max).toBeCloseTo(second, 6);
    expect(result).toMatchObject({
      examples: 2,
      gradients: 80,
      fit_accepted: { of: 0 },
      fit_without_maximum: { of: 4 },
    });
    expect(result.class_histogram).toEqual([1, 0, 1]);
  });

  it('of a linear net in L1 is the margin over the largest weight difference', async () => {
    // Image 0, label 2: margins .375 and .25 over the largest |w_2 - w_j|, 1.5 and 1.4.
    const result = await clever({ ...linear, ...few, norm: 'l1', images: linearImages.slice(0, 4), labels: [2] });
    expect(result.score.mean).toBeCloseTo(Math.min(0.375 / 1.5, 0.25 / 1.4), 6);
  });

  it('does not change with the scale of the logits, and is no more than the radius', async () => {
    const scaled = await clever({ ...linear, ...few, norm: 'l2', classifier: linearModel(100) });
    expect(scaled.score.min).toBeCloseTo(0.12007303, 5);
    const near = await clever({ ...linear, ...few, norm: 'l2', radius: 0.2 });
    expect(near.score.max).toBe(0.2);
    expect(near.at_radius).toMatchObject({ count: 1, of: 2 });
  });

  it('goes on from every checkpoint to the same scores', async () => {
    const net = formulaNet();
    const images = formulaImages(2, net);
    const options = { classifier: net, images, labels: labelsOf(net, images), seed: 3, norm: 'l2' as const, ...few };
    const whole = await clever({ ...options, batchSize: 16 });
    let last: CleverCheckpoint | undefined;
    for (let kills = 0; ; kills++) {
      const onCheckpoint = (take: () => CleverCheckpoint) => {
        last = take();
        throw new Error('killed');
      };
      const resume = last && structuredClone(last);
      const ended = await clever({ ...options, batchSize: 16, resume, onCheckpoint }).catch((error: Error) => {
        if (error.message !== 'killed') throw error;
        return undefined;
      });
      if (!ended) continue;
      expect(ended).toEqual(whole);
      // Three batches of at most 16 hold the 40 points near an image.
      expect(kills).toBe(6);
      break;
    }
  });

  it('is 0 where the classifier is wrong', async () => {
    expect((await clever({ ...linear, ...few, norm: 'l2', labels: [0, 1] })).score.max).toBe(0);
  });

  it('finds a largest gradient that no sample reaches', async () => {
    // z = (.5 - x² - y², 0) at (.3, .3): the gradient's length is 2 sqrt(x² + y²), largest where the circle's rim is
    // furthest from the origin, at .3 sqrt(2) + .4. The margin is .32.
    const bowl: Classifier = {
      inputShape: [2],
      classes: 2,
      logits: (batch) =>
        tidy(() => {
          const squares = sum<Tensor2D>(mul(batch, batch), 1, true);
          return concat([sub<Tensor2D>(0.5, squares), zerosLike(squares)], 1);
        }),
    };
    const options = { classifier: bowl, images: Float32Array.of(0.3, 0.3), labels: [0], seed: 3, norm: 'l2' as const };
    const result = await clever({ ...options, radius: 0.4, batches: 100, samples: 50 });
    const exact = 0.32 / (2 * (0.3 * Math.SQRT2 + 0.4));
    expect(Math.abs(fromJsonNumber(result.score.mean) / exact - 1)).toBeLessThan(0.02);
    expect(result.fit_accepted).toMatchObject({ count: 1, of: 1 });
  });

  it('does not depend on the batches, and fits its schema', async () => {
    const net = formulaNet();
    const images = formulaImages(3, net);
    const options = { classifier: net, images, labels: labelsOf(net, images), seed: 1, norm: 'linf' as const };
    const sampled = { ...options, radius: 0.3, batches: 12, samples: 5 };
    const result = await clever(sampled);
    expect(check(CleverResult, JSON.parse(JSON.stringify(result)))).toEqual({ ok: true, value: result });
    const again = await clever({ ...sampled, batchSize: 7 });
    expect(again.score.median).toBeCloseTo(fromJsonNumber(result.score.median), 5);
    expect((await clever({ ...sampled, seed: 2 })).score.median).not.toBe(result.score.median);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(clever({ ...linear, ...few, norm: 'l2', signal })).rejects.toThrow('enough');
  });
});
