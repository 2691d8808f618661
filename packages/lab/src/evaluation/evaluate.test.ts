import '@tensorflow/tfjs';
import { memory, mul, round, setBackend, softmax, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployAt, type Classifier } from '../classifier.js';
import { distanceBetween } from '../metrics/distance.js';
import { rows } from '../gradients/rows.js';
import { labelsOf, linearModel } from '../attacks/testing/classifiers.js';
import { predictLabels } from '../predict.js';
import { withInputNoise } from '../randomised/input-noise.js';
import { evaluate, type EvaluateOptions } from './evaluate.js';

const linear = linearModel();
const random = Random.stream(3, 'images');
const images = Float32Array.from({ length: 40 * 4 }, () => random.uniform());
const labels = labelsOf(linear, images);

function optionsOf(changes: Partial<EvaluateOptions> = {}): EvaluateOptions {
  return {
    ...{ classifier: linear, images, labels, seed: 1, trainingTemperature: 1 },
    parameters: { epsilon: 0.05, effort: 'quick' },
    ...changes,
  };
}

/** Whether some image of the ball and the box has another label: exact, since each logit difference is linear. */
function canBeFooled(image: Float32Array, label: number, epsilon: number): boolean {
  return canReach(
    label,
    [...image].map((pixel) => [Math.max(pixel - epsilon, 0), Math.min(pixel + epsilon, 1)]),
  );
}

/** The same of pixels that are rounded to eighths. */
function canClimb(image: Float32Array, label: number, epsilon: number): boolean {
  const eighth = (pixel: number) => Math.round(8 * Math.min(Math.max(pixel, 0), 1)) / 8;
  return canReach(
    label,
    [...image].map((pixel) => [eighth(pixel - epsilon), eighth(pixel + epsilon)]),
  );
}

/** Whether some image whose pixels lie in these ranges has another label, at their ends since each logit is linear. */
function canReach(label: number, ranges: readonly (readonly number[])[]): boolean {
  const origin = linear.logits64([0, 0, 0, 0]);
  const slopes = (of: number) =>
    [0, 1, 2, 3].map((pixel) => linear.logits64([0, 1, 2, 3].map((at) => (at === pixel ? 1 : 0)))[of]! - origin[of]!);
  return origin.some((logit, other) => {
    if (other === label) return false;
    const [rival, own] = [slopes(other), slopes(label)];
    const lead = ranges.reduce((sum, [low, high], at) => {
      const slope = rival[at]! - own[at]!;
      return sum + slope * (slope > 0 ? high! : low!);
    }, logit - origin[label]!);
    return lead > 1e-6;
  });
}

beforeAll(() => setBackend('cpu'));

describe('evaluate', () => {
  it.each([0.05, 0.2])('finds exactly the examples of a linear net that can be fooled at %d', async (epsilon) => {
    const { evaluation, adversarial, predicted, success } = await evaluate(
      optionsOf({ parameters: { epsilon, effort: 'quick' } }),
    );
    const truth = rows(images, 4).map((image, at) => canBeFooled(image, labels[at]!, epsilon));
    expect(success).toEqual(truth);
    expect(evaluation.robust_accuracy).toMatchObject({ count: truth.filter((fooled) => !fooled).length, of: 40 });
    expect(evaluation.clean_accuracy).toMatchObject({ count: 40, of: 40 });
    expect(evaluation.masking).toBe(false);
    const { index, by, distance } = evaluation.strongest;
    expect(index).toEqual(labels.map((_, at) => at));
    rows(images, 4).forEach((image, at) => {
      const { linf } = distanceBetween(image, rows(adversarial, 4)[at]!, 1);
      expect(linf).toBeLessThanOrEqual(epsilon + 1e-6);
      expect(distance[at] ?? 0).toBeCloseTo(linf, 5);
      expect(by[at]! >= 0).toBe(success[at]);
      expect(predicted[at] !== labels[at]).toBe(success[at]);
    });
  });

  it.each([
    ['robust', 0.02, 1],
    ['broken', 0.4, 1],
    ['masked', 0.4, 1 / 2000],
    ['robust', 0.02, 1 / 2000],
  ])('says %s at %d of a linear net deployed at T = %d', async (verdict, epsilon, temperature) => {
    const classifier = deployAt(linear, temperature);
    const { evaluation } = await evaluate(optionsOf({ classifier, parameters: { epsilon, effort: 'quick' } }));
    expect(evaluation).toMatchObject({ verdict, randomised: false });
    if (verdict === 'masked') {
      expect(evaluation.naive_robust_accuracy.rate - evaluation.robust_accuracy.rate).toBeGreaterThan(0.5);
      expect(evaluation.checks.filter(({ status }) => status === 'failed').map(({ name }) => name)).toEqual(
        expect.arrayContaining(['zero-gradients', 'saturated-probabilities', 'naive-loss', 'black-box']),
      );
    }
  });

  it('runs every check once, and each attack only where it is due', async () => {
    const { evaluation } = await evaluate(
      optionsOf({ surrogates: [{ name: 'twin', classifier: linear }], parameters: { epsilon: 0.1, effort: 'quick' } }),
    );
    expect(new Set(evaluation.checks.map(({ name }) => name)).size).toBe(15);
    expect(evaluation.attacks.find(({ source }) => source === 'twin')).toBeDefined();
    let standing = 40;
    for (const attack of evaluation.attacks) {
      if (attack.attacked === 'standing') expect(attack.success.of).toBe(standing);
      expect(attack.robust_accuracy.count).toBeLessThanOrEqual(standing);
      standing = attack.robust_accuracy.count;
    }
    expect(standing).toBe(evaluation.robust_accuracy.count);
    expect(evaluation.attacks.filter(({ within_threat }) => !within_threat).map(({ name }) => name)).toEqual([
      'margin PGD at epsilon 0.2',
      'margin PGD at epsilon 1',
    ]);
  });

  it('gives the same with the same seed, however the examples are cut into batches', async () => {
    const { evaluation } = await evaluate(optionsOf());
    expect((await evaluate(optionsOf({ batchSize: 7 }))).evaluation).toEqual(evaluation);
  });

  it('keeps what was misclassified before out of every denominator', async () => {
    const wrong = labels.map((label, at) => (at < 6 ? (label + 1) % 3 : label));
    const { evaluation, success, adversarial, predicted } = await evaluate(optionsOf({ labels: wrong }));
    expect(evaluation.clean_accuracy).toMatchObject({ count: 34, of: 40 });
    expect(evaluation.robust_accuracy.of).toBe(34);
    expect(evaluation.strongest.index[0]).toBe(6);
    expect(success.slice(0, 6)).toEqual([false, false, false, false, false, false]);
    expect(adversarial.slice(0, 24)).toEqual(images.slice(0, 24));
    expect(predicted.slice(0, 6)).toEqual(labels.slice(0, 6));
  });

  it('doubts what never changes its answer', async () => {
    const constant: Classifier = {
      ...{ inputShape: [4], classes: 3 },
      logits: (batch) => tidy(() => mul<Tensor2D>(linear.logits(batch), 0)),
    };
    const { evaluation } = await evaluate(optionsOf({ classifier: constant, labels: labels.map(() => 0) }));
    expect(evaluation.verdict).toBe('inconclusive');
    expect(evaluation.checks.find(({ name }) => name === 'large-epsilon')!.status).toBe('failed');
    expect(evaluation.next.join(' ')).toContain('Run `hop-skip-jump`');
  });

  describe.each([
    ['whose pixels are rounded to eighths', (logits: Tensor2D) => logits],
    [
      'that gives its class and nothing else, of such pixels',
      (logits: Tensor2D) => softmax(mul<Tensor2D>(logits, 1e6)),
    ],
  ])('of a net %s, so that its gradient is zero everywhere', (_, given) => {
    const stairs: Classifier = {
      ...{ inputShape: [4], classes: 3 },
      logits: (batch) => tidy(() => given(linear.logits(mul(round(mul(batch, 8)), 1 / 8)))),
    };
    const climb = async (epsilon: number) => {
      const labels = Array.from(await predictLabels(stairs, images, 40));
      const parameters = { epsilon, effort: 'quick' } as const;
      return { labels, ...(await evaluate(optionsOf({ classifier: stairs, labels, parameters }))) };
    };

    it('never takes the failure of gradients for robustness', async () => {
      const { evaluation } = await climb(0.02);
      expect(evaluation.robust_accuracy.low).toBeGreaterThan(0.5);
      expect(evaluation.verdict).toBe('inconclusive');
      expect(evaluation.checks.find(({ name }) => name === 'zero-gradients')).toMatchObject({
        ...{ status: 'failed', concern: 'illusion' },
      });
      expect(evaluation.next.join(' ')).toContain('Run `hop-skip-jump`');
    });

    it('breaks it by what needs no gradient', async () => {
      const { evaluation, success, labels } = await climb(0.4);
      expect(evaluation).toMatchObject({ verdict: 'masked', masking: true, next: [] });
      expect(evaluation.checks.find(({ name }) => name === 'decision-based')!.status).toBe('failed');
      expect(success).toEqual(rows(images, 4).map((image, at) => canClimb(image, labels[at]!, 0.4)));
    });
  });

  it('tells probabilities from logits', async () => {
    const classifier: Classifier = { ...linear, logits: (batch) => tidy(() => softmax(linear.logits(batch))) };
    const { evaluation } = await evaluate(optionsOf({ classifier }));
    expect(evaluation.checks.find(({ name }) => name === 'probability-outputs')!.status).toBe('failed');
  });

  it('flags a randomised classifier, calls it broken where it falls, and never robust', async () => {
    const noisy = (epsilon: number) =>
      evaluate(optionsOf({ classifier: withInputNoise(linear, 0.05, 1), parameters: { epsilon, effort: 'quick' } }));
    const [falls, holds] = [await noisy(0.4), await noisy(0.01)];
    expect(falls.evaluation).toMatchObject({ verdict: 'broken', randomised: true });
    expect(holds.evaluation).toMatchObject({ verdict: 'inconclusive', randomised: true });
    expect(holds.evaluation.next.join(' ')).toContain('without its noise');
    expect((await noisy(0.4)).evaluation).toEqual(falls.evaluation);
  });

  it('evaluates in L2', async () => {
    const { evaluation, adversarial } = await evaluate(
      optionsOf({ parameters: { norm: 'l2', epsilon: 0.3, effort: 'quick' } }),
    );
    expect(evaluation.robust_accuracy.rate).toBeLessThan(1);
    rows(images, 4).forEach((image, at) => {
      expect(distanceBetween(image, rows(adversarial, 4)[at]!, 1).l2).toBeLessThanOrEqual(0.3 + 1e-6);
    });
  });

  it('tells how far it is, stops when it is told to, and leaves no tensors', async () => {
    const tensors = memory().numTensors;
    const fractions: number[] = [];
    await evaluate(optionsOf({ onProgress: (fraction) => fractions.push(fraction) }));
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeGreaterThan(0.9);
    expect(fractions.at(-1)).toBeLessThanOrEqual(1);
    const abort = new AbortController();
    const stopped = evaluate(
      optionsOf({ signal: abort.signal, onProgress: (fraction) => fraction > 0.3 && abort.abort(new Error('enough')) }),
    );
    await expect(stopped).rejects.toThrow('enough');
    expect(memory().numTensors).toBe(tensors);
  });

  it('refuses parameters out of range, and a classifier that gets nothing right', async () => {
    await expect(evaluate(optionsOf({ parameters: { epsilon: 0 } }))).rejects.toThrow(/epsilon/);
    const wrong = labels.map((label) => (label + 1) % 3);
    await expect(evaluate(optionsOf({ labels: wrong }))).rejects.toThrow(/none of the 40 examples/);
  });
});
