import '@tensorflow/tfjs';
import {
  dispose,
  memory,
  mul,
  setBackend,
  square,
  tensor,
  tensor2d,
  tidy,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Classifier } from '../classifier.js';
import { createNet } from '../nets/net.js';
import { linearise, linearisedOutput, type Linearisation } from './linearisation.js';

beforeAll(() => setBackend('cpu'));

const net = createNet({
  architecture: { name: 'pooled', layers: [{ kind: 'max-pool', size: 2 }, { kind: 'flatten' }] },
  inputShape: [4, 4, 1],
  classes: 2,
  initialisation: { name: 'he-normal', output_scale: 'one' },
  temperature: 1,
  seed: 1,
});

/** A pass that fails in its middle, from the one on that is counted so. */
function failingFrom(first: number, pass: (input: Tensor) => Tensor2D): (input: Tensor) => Tensor2D {
  let passes = 0;
  return (input) =>
    tidy(() => {
      const squared = square(input);
      if (++passes >= first) throw new Error('no room');
      return pass(mul(squared, input));
    });
}

/** Expects that a derivative of what is linearised cannot be drawn, and that no tensor is left. */
function expectNothingLeft(linearised: (batch: Tensor) => Linearisation): void {
  const before = memory().numTensors;
  const batch = tensor(
    Float32Array.from({ length: 32 }, (_, at) => Math.sin(at)),
    [2, 4, 4, 1],
  );
  const weights = tensor2d([1, -1, 0, 1], [2, 2]);
  expect(() => {
    const kept = linearised(batch);
    try {
      kept.pull(weights, [0, 1]);
    } finally {
      kept.dispose();
    }
  }).toThrow('no room');
  dispose([batch, weights]);
  expect(memory().numTensors).toBe(before);
}

describe('a linearisation that fails in the middle leaves no tensor behind', () => {
  it('where each row of weights takes a pass of its own', () => {
    const { inputShape, classes } = net;
    const classifier: Classifier = { inputShape, classes, logits: failingFrom(2, (input) => net.logits(input)) };
    expectNothingLeft((batch) => linearise(classifier, batch));
  });

  it.each([1, 2])('where something is made of the logits, in pass %i', (first) => {
    const output = failingFrom(first, (logits) => logits as Tensor2D);
    expectNothingLeft((batch) => linearisedOutput(linearise(net, batch), output));
  });
});
