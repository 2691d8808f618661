import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { computedOn, expectAgreement, of, wave, type Values, TESTED, TESTED_ENGINE } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: TESTED_ENGINE }));

/** The shapes of a layer's weights, and what it computes with them. */
interface Layer {
  readonly weights: number[][];
  apply(x: tf.Tensor, ...weights: tf.Tensor[]): tf.Tensor;
}

const convolution = (filter: tf.Tensor4D['shape'], strides: number, pad: 'same' | 'valid'): Layer => ({
  weights: [filter, [filter[3]]],
  apply: (x, weight, bias) => tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, weight as tf.Tensor4D, strides, pad), bias)),
});

const dense = (inputs: number, outputs: number, activation: (x: tf.Tensor) => tf.Tensor = tf.relu): Layer => ({
  weights: [[inputs, outputs], [outputs]],
  apply: (x, weight, bias) => activation(tf.add(tf.matMul(tf.reshape(x, [-1, inputs]), weight), bias)),
});

const logits = (inputs: number): Layer => dense(inputs, 10, tf.clone);

const pool = (op: typeof tf.maxPool | typeof tf.avgPool, window: number, strides: number): Layer => ({
  weights: [],
  apply: (x) => op(x as tf.Tensor4D, window, strides, 'same'),
});

const depthwise = (filter: tf.Tensor4D['shape']): Layer => ({
  weights: [filter],
  apply: (x, weight) => tf.tanh(tf.depthwiseConv2d(x as tf.Tensor4D, weight as tf.Tensor4D, 1, 'same')),
});

/** Nets like Retort's; where plain JavaScript would take minutes, with smaller images and fewer channels. */
const NETS: Record<string, { input: number[]; layers: Layer[] }> = {
  compact: {
    input: [2, 28, 28, 1],
    layers: [convolution([3, 3, 1, 8], 2, 'same'), convolution([3, 3, 8, 16], 2, 'same'), dense(784, 64), logits(64)],
  },
  'papernot-mnist': {
    input: [2, 18, 18, 1],
    layers: [
      convolution([3, 3, 1, 12], 1, 'valid'),
      convolution([3, 3, 12, 12], 1, 'valid'),
      pool(tf.maxPool, 2, 2),
      convolution([3, 3, 12, 16], 1, 'valid'),
      convolution([3, 3, 16, 16], 1, 'valid'),
      pool(tf.maxPool, 2, 2),
      dense(64, 20),
      dense(20, 20),
      logits(20),
    ],
  },
  lenet: {
    input: [3, 13, 15, 1],
    layers: [
      convolution([5, 5, 1, 6], 1, 'same'),
      pool(tf.avgPool, 2, 2),
      convolution([5, 5, 6, 16], 1, 'valid'),
      pool(tf.maxPool, 2, 2),
      dense(64, 24, tf.sigmoid),
      logits(24),
    ],
  },
  'a net in colour': {
    input: [1, 9, 11, 3],
    layers: [
      convolution([3, 3, 3, 6], 2, 'valid'),
      depthwise([3, 3, 6, 2]),
      pool(tf.maxPool, 3, 1),
      convolution([1, 1, 12, 5], 1, 'same'),
      dense(100, 12, tf.elu),
      logits(12),
    ],
  },
};

describe.each(Object.entries(NETS))('%s', (_, { input, layers }) => {
  const inputs = [wave(input), ...layers.flatMap(({ weights }) => weights).map(initial)];

  it('has the loss and the gradients that plain JavaScript gives it', async () => {
    await expectAgreement(inputs, (...tensors) => {
      const { value, grads } = tf.valueAndGrads(lossOf(layers))(tensors);
      return [value, ...grads];
    });
  });

  it('learns: a step against the gradient lowers the loss', async () => {
    const [before, after] = await computedOn(TESTED, inputs, (...tensors) => {
      const loss = lossOf(layers);
      const { value, grads } = tf.valueAndGrads(loss)(tensors);
      const stepped = tensors.map((tensor, index) => tf.sub(tensor, tf.mul(grads[index]!, 1e-3)));
      return [value, loss(...stepped)];
    });
    expect(after!.values[0]).toBeLessThan(before!.values[0]!);
  });
});

/** The cross-entropy of a net at labels 0, 1, 2 …, as a function of its input and all its weights. */
function lossOf(layers: readonly Layer[]): (...tensors: tf.Tensor[]) => tf.Scalar {
  return (x, ...weights) => {
    let taken = 0;
    const output = layers.reduce((h, layer) => {
      taken += layer.weights.length;
      return layer.apply(h, ...weights.slice(taken - layer.weights.length, taken));
    }, x);
    const labels = tf.oneHot(tf.range(0, x.shape[0], 1, 'int32'), 10);
    return tf.losses.softmaxCrossEntropy(labels, output);
  };
}

/** Weights of the size that keeps the values of a ReLU net about as large from layer to layer (He et al., 2015). */
function initial(shape: number[], phase: number): Values {
  const inputs = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const scale = shape.length === 1 ? 0.1 : Math.sqrt(4 / inputs);
  return of(
    shape,
    wave(shape, phase).values.map((value) => value * scale),
  );
}
