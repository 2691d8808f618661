import '@tensorflow/tfjs';
import { add, concat, grad, memory, mul, setBackend, sum, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import type { AttackName } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployAt, type Classifier } from '../classifier.js';
import { attackMetrics } from '../metrics/attack-metrics.js';
import { verifyImages } from '../verification/verify-images.js';
import { aroundRejection } from './around-rejection.js';
import { attackNamed } from './attacks.js';
import { formulaImages, formulaNet, labelsOf } from './testing/classifiers.js';
import { settings } from './testing/settings.js';

/** Gives its pixels back as logits, the last of which rejects. */
const identity: Classifier = {
  inputShape: [4],
  classes: 4,
  rejection: 3,
  logits: (batch) => batch.clone() as Tensor2D,
};

const net = formulaNet();
const images = formulaImages(8, net);
const labels = labelsOf(net, images);

/** The net with one more class, whose logit is that share of the label's and a constant, so that it wins between the classes. */
function guarded(share: number, constant: number): Classifier {
  return {
    inputShape: net.inputShape,
    classes: net.classes + 1,
    rejection: net.classes,
    logits: (batch) =>
      tidy(() => {
        const logits = net.logits(batch);
        return concat([logits, add(mul(logits.max(1, true), share), constant)], 1) as Tensor2D;
      }),
  };
}

const run = (name: AttackName, parameters: Record<string, unknown>, classifier: Classifier) =>
  attackNamed(name).run({ classifier, images, labels, seed: 3 }, parameters);

beforeAll(() => setBackend('cpu'));

describe('aroundRejection', () => {
  it('drops the class that rejects, and gives the label the larger of its logit and that one', () => {
    const rows = [
      [1, 2, 3, 2.5],
      [1, 2, 3, 2.5],
      [0, -1, 5, -7],
    ];
    const logits = aroundRejection(identity, [2, 0, 1]).logits(tensor2d(rows)).arraySync();
    expect(logits).toEqual([
      [1, 2, 3],
      [2.5, 2, 3],
      [0, -1, 5],
    ]);
  });

  it('passes the gradient to whichever of the two is the larger', () => {
    const gradient = (labels: number[]) =>
      grad((x) => sum(mul(aroundRejection(identity, labels).logits(x), tensor2d([[1, 10, 100]]))))(
        tensor2d([[1, 2, 3, 2.5]]),
      ).arraySync();
    expect(gradient([2])).toEqual([[1, 10, 100, 0]]);
    expect(gradient([1])).toEqual([[1, 0, 100, 10]]);
  });

  it('is the classifier itself where it rejects nothing', () => {
    expect(aroundRejection(net, labels)).toBe(net);
  });
});

describe.each(settings)('%s %j on a net that rejects', (name, parameters) => {
  it('counts as success neither the label nor the rejection, and never stops at a rejection', async () => {
    const classifier = guarded(0.5, 0.3);
    const before = memory().numTensors;
    const outcome = await run(name, parameters, classifier);
    expect(memory().numTensors).toBe(before);
    const target = Number(parameters.target_offset ?? (name === 'jsma' ? 1 : 0));
    outcome.success.forEach((success, at) => {
      const predicted = outcome.predicted[at]!;
      const other = predicted !== labels[at] && predicted !== classifier.rejection;
      expect(success).toBe(target > 0 ? predicted === (labels[at]! + target) % net.classes : other);
    });
  });

  it('does what it does without that class where it never wins', async () => {
    const never = await run(name, parameters, guarded(0, -1e4));
    expect(never).toEqual(await run(name, parameters, net));
  });

  it('never succeeds where every image is rejected', async () => {
    const outcome = await run(name, parameters, guarded(0, 1e3));
    expect(outcome.success.some(Boolean)).toBe(false);
    expect((outcome.by ?? []).every((member) => member === null)).toBe(true);
    expect((outcome.members ?? []).every(({ fooled }) => fooled === 0)).toBe(true);
    expect(outcome.predicted.every((predicted) => predicted === net.classes)).toBe(true);
    const metrics = attackMetrics({ classifier: guarded(0, 1e3), originals: images, labels, clean: labels, outcome });
    expect(metrics).toMatchObject({ success: { count: 0 }, detected: { count: 8, of: 8 } });
  });
});

describe('a classifier that rejects', () => {
  it('goes on rejecting at another temperature of deployment', () => {
    expect(deployAt(guarded(0, 0), 20)).toMatchObject({ classes: 5, rejection: 4 });
  });

  it('is tried with images that were made on a net without that class, and never fooled by what it rejects', async () => {
    const parameters = { epsilon: 0.3, step_size: 0.05, steps: 6 };
    const context = { classifier: net, images, labels, seed: 1 };
    const plain = await attackNamed('pgd').run({ ...context, transferTo: guarded(0, -1e4) }, parameters);
    expect(plain.success).toContain(true);
    const rejected = await attackNamed('pgd').run({ ...context, transferTo: guarded(0, 1e3) }, parameters);
    expect(rejected).toMatchObject({ success: labels.map(() => false), sourceSuccess: plain.success });
  });

  it('is not fooled by images made elsewhere that it rejects', async () => {
    const shifted = labels.map((label) => (label + 1) % net.classes);
    const set = { originals: images, labels: shifted, images, norm: 'linf', epsilon: 0.1 } as const;
    const verified = await verifyImages({ classifier: guarded(0, -1e4), ...set });
    expect(verified.outcome.success).not.toContain(false);
    const rejected = await verifyImages({ classifier: guarded(0, 1e3), ...set });
    expect(rejected.outcome.success).not.toContain(true);
  });

  it('refuses the class that rejects as a label', async () => {
    const context = { classifier: guarded(0, 0), images, labels: labels.map(() => 4), seed: 1 };
    await expect(attackNamed('fgsm').run(context, {})).rejects.toThrow('label 0 is 4, not one of the 4 classes from 0');
  });
});
