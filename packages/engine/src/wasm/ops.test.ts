import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { expectAgreement, of, wave, withGradients, type Values, TESTED_ENGINE } from '../testing/agreement.js';

beforeAll(() => startEngine({ force: TESTED_ENGINE }));

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** The ops of one tensor that nets, losses and attacks are made of. */
const UNARY: Record<string, Unary> = {
  abs: tf.abs,
  neg: tf.neg,
  sign: tf.sign,
  step: tf.step,
  square: tf.square,
  exp: tf.exp,
  expm1: tf.expm1,
  relu: tf.relu,
  relu6: tf.relu6,
  leakyRelu: tf.leakyRelu,
  elu: tf.elu,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  softplus: tf.softplus,
  tanh: tf.tanh,
  atan: tf.atan,
  erf: tf.erf,
  sin: tf.sin,
  cos: tf.cos,
  softmax: tf.softmax,
  logSoftmax: tf.logSoftmax,
  logSumExp: tf.logSumExp,
  cumsum: (x) => tf.cumsum(x, 1),
  reshape: (x) => tf.reshape(x, [5, 3]),
  transpose: (x) => tf.transpose(x),
  reverse: (x) => tf.reverse(x, 1),
  tile: (x) => tf.tile(x, [2, 3]),
  slice: (x) => tf.slice(x, [1, 2], [2, 3]),
  pad: (x) => tf.pad(x, [[1, 2], [0, 1]], 0.5), // prettier-ignore
  unstack: (x) => tf.unstack(x, 1)[1]!,
  split: (x) => tf.split(x, [2, 3], 1)[1]!,
  stack: (x) => tf.stack([x, tf.square(x)], 1),
  concat: (x) => tf.concat([x, tf.square(x)], 1),
  where: (x) => tf.where(mask(), x, tf.square(x)),
  maximum: (x) => tf.maximum(x, 0.25),
  minimum: (x) => tf.minimum(x, 0.25),
  norm: (x) => tf.norm(x, 2, 1),
  normInfinity: (x) => tf.norm(x, Infinity, 1),
  variance: (x) => tf.moments(x, 0).variance,
  dropoutMask: (x) => tf.mul(x, tf.cast(mask(), 'float32')),
  ...reductions('mean', tf.mean),
  ...reductions('max', tf.max),
  ...reductions('min', tf.min),
};

/** The ops of one tensor of positive values. */
const UNARY_OF_POSITIVE: Record<string, Unary> = {
  log: tf.log,
  log1p: tf.log1p,
  sqrt: tf.sqrt,
  rsqrt: tf.rsqrt,
  reciprocal: tf.reciprocal,
};

const BINARY: Record<string, Binary> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  pow: tf.pow,
};

/** TensorFlow.js does not differentiate these by an input that was broadcast. */
const BINARY_OF_EQUAL_SHAPES: Record<string, Binary> = {
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
};

const SHAPES: [number[], number[]][] = [
  [[3, 5], [3, 5]],
  [[3, 5], [5]],
  [[3, 5], []],
  [[3, 1], [1, 5]],
  [[2, 4, 4, 3], [3]],
]; // prettier-ignore

const LABELS = [0, 2, 4];
const LOSSES: Record<string, Unary> = {
  softmaxCrossEntropy: (x) => tf.losses.softmaxCrossEntropy(tf.oneHot(LABELS, 5), x),
  smoothedCrossEntropy: (x) => tf.losses.softmaxCrossEntropy(tf.oneHot(LABELS, 5), x, undefined, 0.1),
  softTargets: (x) => tf.losses.softmaxCrossEntropy(tf.softmax(tf.cos(tf.mul(x, 0))), tf.div(x, 20)),
  meanSquaredError: (x) => tf.losses.meanSquaredError(tf.oneHot(LABELS, 5), x),
  trueLogit: (x) => tf.sum(tf.mul(x, tf.oneHot(LABELS, 5)), 1),
  margin: (x) => {
    const truth = tf.cast(tf.oneHot(LABELS, 5), 'float32');
    return tf.sub(tf.sum(tf.mul(x, truth), 1), tf.max(tf.sub(x, tf.mul(truth, 1e4)), 1));
  },
};

const IMAGES: Record<string, Unary> = {
  avgPool: (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'same'),
  avgPoolOverlapping: (x) => tf.avgPool(x as tf.Tensor4D, 3, [1, 2], 'valid'),
  globalAverage: (x) => tf.mean(x, [1, 2]),
  batchNorm: (x) =>
    tf.batchNorm(x, tf.mean(x, [0, 1, 2]), tf.moments(x, [0, 1, 2]).variance, [0.1, 0.2, 0.3], [1, 2, 3]),
};

describe.each([
  { of: 'values', ops: UNARY, inputs: [wave([3, 5])] },
  { of: 'positive values', ops: UNARY_OF_POSITIVE, inputs: [positive([3, 5])] },
  { of: 'logits', ops: LOSSES, inputs: [wave([3, 5])] },
  { of: 'images', ops: IMAGES, inputs: [wave([2, 7, 6, 3])] },
])('an op of $of and its gradient', ({ ops, inputs }) => {
  it.each(Object.entries(ops))('%s', async (_, op) => {
    await expectAgreement(
      inputs,
      withGradients((x) => op(x)),
    );
  });
});

describe.each(SHAPES)('an op of %j and %j and its gradients', (a, b) => {
  it.each(Object.entries(BINARY))('%s', async (_, op) => {
    await expectAgreement(
      [positive(a), positive(b, 0.3)],
      withGradients((x, y) => op(x, y)),
    );
  });
});

describe('an op of two tensors of equal shape and its gradients', () => {
  it.each(Object.entries(BINARY_OF_EQUAL_SHAPES))('%s', async (_, op) => {
    await expectAgreement(
      [wave([3, 5]), wave([3, 5], 0.3)],
      withGradients((x, y) => op(x, y)),
    );
  });
});

describe('an op that has no gradient', () => {
  const values = [wave([3, 5]), wave([5], 0.3)];
  it.each(Object.entries({ equal: tf.equal, greater: tf.greater, greaterEqual: tf.greaterEqual, less: tf.less }))(
    '%s',
    async (_, op) => {
      await expectAgreement(values, (a, b) => op(a, b));
      await expectAgreement([values[0]!, values[0]!], (a, b) => op(a, b));
    },
  );

  it.each(Object.entries({ argMax: tf.argMax, argMin: tf.argMin }))('%s', async (_, op) => {
    await expectAgreement([wave([3, 4, 5])], (x) => [0, 1, 2].map((axis) => op(x, axis)));
    await expectAgreement([of([2, 3], [1, 3, 3, 2, 2, 2])], (x) => op(x, 1));
  });

  it('topk', async () => {
    await expectAgreement([wave([3, 6])], (x) => Object.values(tf.topk(x, 3)));
  });

  it('isNaN and isFinite', async () => {
    await expectAgreement([of([4], [NaN, Infinity, -Infinity, 0])], (x) => [tf.isNaN(x), tf.isFinite(x)]);
  });
});

describe('an op at the edges of single precision', () => {
  const extreme = of([2, 4], [1e4, -1e4, 0, 88, -104, 100, -88, 1e-8]);
  it.each(Object.entries({ softmax: tf.softmax, logSoftmax: tf.logSoftmax, sigmoid: tf.sigmoid, tanh: tf.tanh }))(
    '%s',
    async (_, op) => {
      await expectAgreement([extreme], (x) => op(x));
    },
  );

  it('relu keeps NaN', async () => {
    await expectAgreement([of([3], [NaN, -1, 2])], (x) => tf.relu(x));
  });
});

/** Made anew within each op: a comparison of the input itself has no gradient in TensorFlow.js. */
function mask(): tf.Tensor {
  return tf.tensor(
    wave([3, 5], 0.5).values.map((value) => value > 0),
    [3, 5],
    'bool',
  );
}

function reductions(name: string, op: (x: tf.Tensor, axis?: number[]) => tf.Tensor): Record<string, Unary> {
  const axes = [undefined, [0], [1], [0, 1]];
  return Object.fromEntries(axes.map((axis) => [`${name} over ${axis?.join(' and ') ?? 'all'}`, (x) => op(x, axis)]));
}

function positive(shape: number[], phase = 0): Values {
  return of(
    shape,
    wave(shape, phase).values.map((value) => value + 1.5),
  );
}
