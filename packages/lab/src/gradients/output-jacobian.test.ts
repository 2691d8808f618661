import '@tensorflow/tfjs';
import { memory, setBackend, softmax, type Tensor2D } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { aroundRejection } from '../attacks/around-rejection.js';
import { formulaNet } from '../attacks/testing/classifiers.js';
import { deployAt, type Classifier } from '../classifier.js';
import { conv, dense, dropout, flatten, globalAveragePool, maxPool, residual } from '../nets/architecture.js';
import { assembleNet } from '../nets/net.js';
import { size } from '../nets/plan.js';
import { predictLogits } from '../predict.js';
import { outputGradients } from './output-gradients.js';
import { outputJacobian, type WeightedSum } from './output-jacobian.js';
import { rows } from './rows.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const random = Random.stream(1, 'jacobian');
const draw = (length: number) => Float32Array.from({ length }, () => random.normal());

function net(layers: Parameters<typeof assembleNet>[0]['layers'], rejects = false) {
  const shape = { inputShape: [9, 8, 2], classes: 4, rejects };
  return assembleNet({ name: 'small', layers }, shape, (plan) =>
    // The biases let most units through.
    draw(size(plan.shape)).map((weight) => (plan.shape.length === 1 ? 0.5 : weight / Math.sqrt(plan.fanIn))),
  );
}

const strided = [conv(3, 3, { stride: 2 }), flatten(), dense(7), dropout()];
const detector = net(strided, true);

const classifiers: [string, Classifier][] = [
  ['strides and full connections', net(strided)],
  ['padding and pooling', net([conv(3, 3, { padding: 'same' }), maxPool(2), conv(4, 2), flatten(), dense(5)])],
  ['residual blocks', net([conv(3, 3), residual(3), residual(5, { stride: 2 }), globalAveragePool()])],
  ['a deployment temperature', deployAt(net(strided), 0.5)],
  ['a class that rejects', aroundRejection(detector, [2, 0, 1])],
  ['a classifier that keeps no pass', formulaNet({ inputShape: [9, 8, 2] })],
];

/** The same sums as gradients of their own, a forward and a backward pass each. */
async function oneByOne(
  classifier: Classifier,
  images: Float32Array[],
  sums: readonly WeightedSum[],
  output?: (logits: Tensor2D) => Tensor2D,
) {
  const gradients: Float32Array[] = [];
  for (const { of, weights } of sums) {
    const facing = classifier === classifiers[4]![1] ? aroundRejection(detector, [[2, 0, 1][of]!]) : classifier;
    gradients.push((await outputGradients(taped(facing), images[of]!, Float32Array.from(weights), output)).gradients);
  }
  return gradients;
}

/** The same classifier without a pass of its own, so that TensorFlow.js differentiates it. */
function taped(classifier: Classifier): Classifier {
  const { inputShape, classes } = classifier;
  return { inputShape, classes, logits: (batch) => classifier.logits(batch) };
}

describe.each(classifiers)('the Jacobian of %s', (_, classifier) => {
  const pixels = size(classifier.inputShape);
  const images = draw(3 * pixels).map((value) => 1 / (1 + Math.exp(-value)));
  const each = rows(images, pixels);
  const wanted = [2, 0, 0, 1, 0, 2, 2].map((of) => ({ of, weights: [...draw(classifier.classes)] }));

  it.each([
    ['logits', undefined],
    ['probabilities', (logits: Tensor2D) => softmax(logits)],
  ] as const)('is from one forward pass what its rows are one by one: %s', async (_, output) => {
    const expected = await oneByOne(classifier, each, wanted, output);
    const logits = await predictLogits(classifier, images, 3);
    for (const atATime of [1, 3, 100]) {
      const pass = await outputJacobian(classifier, images, () => wanted, { output, atATime });
      pass.logits.forEach((logit, at) => expect(logit).toBeCloseTo(logits[at]!, 5));
      expect(pass.gradients).toHaveLength(wanted.length);
      pass.gradients.forEach((gradient, at) => {
        const largest = expected[at]!.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(largest).toBeGreaterThan(0);
        gradient.forEach((value, pixel) =>
          expect(Math.abs(value - expected[at]![pixel]!)).toBeLessThan(1e-5 * largest),
        );
      });
    }
  });

  it('is, for one sum an image, what TensorFlow.js makes of it, to the bit', async () => {
    const weights = Float32Array.from(wanted.slice(0, 3).flatMap((sum) => sum.weights));
    const kept = await outputGradients(classifier, images, weights);
    expect(kept).toEqual(await outputGradients(taped(classifier), images, weights));
  });

  it('is as long as what is asked for at the logits, and leaves no tensors behind', async () => {
    const tensors = memory().numTensors;
    const none = await outputJacobian(classifier, images, () => [], { atATime: 8 });
    expect(none.gradients).toEqual([]);
    await outputJacobian(classifier, images, () => wanted, { output: (logits) => softmax(logits), atATime: 2 });
    const failing = outputJacobian(
      classifier,
      images,
      () => {
        throw new RangeError('no sum');
      },
      { atATime: 2 },
    );
    await expect(failing).rejects.toThrow('no sum');
    expect(memory().numTensors).toBe(tensors);
  });

  it('stops between two passes', async () => {
    const tensors = memory().numTensors;
    const cancel = new AbortController();
    const sums = () => {
      cancel.abort(new Error('enough'));
      return wanted;
    };
    await expect(outputJacobian(classifier, images, sums, { atATime: 2, signal: cancel.signal })).rejects.toThrow(
      'enough',
    );
    expect(memory().numTensors).toBe(tensors);
  });
});
