import '@tensorflow/tfjs';
import { abs, neg, setBackend, stack, sub, sum, tidy, zerosLike, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Classifier } from '../classifier.js';
import { apgd } from './apgd.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const EPSILON = 0.25;
const LOW = 0.5 - EPSILON;
const HIGH = 0.5 + EPSILON;

/** A classifier of one pixel whose margin is -1 - |x - top|, so that nothing fools it, and which keeps what it is asked. */
function ridge(top: number, asked: number[]): Classifier {
  return {
    inputShape: [1],
    classes: 2,
    logits: (batch) =>
      tidy(() => {
        asked.push(...batch.dataSync());
        const other = sub(neg(sum(abs(sub(batch, top)), 1)), 1);
        return stack([zerosLike(other), other], 1) as Tensor2D;
      }),
  };
}

/** The iterates of algorithm 1 of the paper on f(x) = -|x - top| in [LOW, HIGH], written as it stands there. */
function algorithm1(start: number, top: number, iterations: number, checkpoints: readonly number[]): number[] {
  const f = (x: number) => -Math.abs(x - top);
  const projected = (x: number) => Math.fround(Math.min(Math.max(x, LOW), HIGH));
  const w = [0, ...checkpoints];
  const x = [start];
  const eta = [2 * EPSILON];
  const asked = [start];
  x[1] = projected(x[0]! + eta[0]! * Math.sign(top - x[0]!));
  eta[1] = eta[0]!;
  asked.push(x[1]);
  const best = (k: number) => x.slice(0, k + 1).reduce((a, b) => (f(b) > f(a) ? b : a));
  for (let k = 1; k < iterations; k++) {
    const z = projected(x[k]! + eta[k]! * Math.sign(top - x[k]!));
    x[k + 1] = projected(x[k]! + 0.75 * (z - x[k]!) + 0.25 * (x[k]! - x[k - 1]!));
    asked.push(x[k + 1]!);
    eta[k + 1] = eta[k]!;
    const j = w.indexOf(k);
    if (j < 1) continue;
    const [from, to] = [w[j - 1]!, w[j]!];
    let rises = 0;
    for (let i = from; i < to; i++) rises += f(x[i + 1]!) > f(x[i]!) ? 1 : 0;
    const condition1 = rises < 0.75 * (to - from);
    const halvedBefore = from > 0 && eta[from + 1] !== eta[from];
    const condition2 = !halvedBefore && f(best(from)) === f(best(to));
    if (!condition1 && !condition2) continue;
    eta[k + 1] = eta[k]! / 2;
    x[k + 1] = best(k + 1);
  }
  return asked;
}

describe('the iterates of Auto-PGD', () => {
  it.each([0.3, 0.4567, 0.61, 0.9])("are those of the paper's algorithm: the top at %d", async (top) => {
    const asked: number[] = [];
    const context = { classifier: ridge(top, asked), images: Float32Array.of(0.5), labels: [0], seed: 3 };
    const { adversarial } = await apgd.run(context, { epsilon: EPSILON, steps: 100, loss: 'margin' });

    const expected = algorithm1(asked[0]!, top, 100, [22, 41, 57, 70, 80, 87, 93, 99]);
    expect(asked).toHaveLength(102);
    expected.forEach((x, k) => expect(asked[k]).toBeCloseTo(x, 6));
    const nearest = expected.slice(0, -1).reduce((a, b) => (Math.abs(b - top) < Math.abs(a - top) ? b : a));
    expect(adversarial[0]).toBeCloseTo(nearest, 6);
  });

  it('come near a top that steps of two epsilons jump over', async () => {
    const context = { classifier: ridge(0.4567, []), images: Float32Array.of(0.5), labels: [0], seed: 3 };
    const { adversarial } = await apgd.run(context, { epsilon: EPSILON, steps: 100, loss: 'margin' });
    expect(Math.abs(adversarial[0]! - 0.4567)).toBeLessThan(0.01);
  });
});
