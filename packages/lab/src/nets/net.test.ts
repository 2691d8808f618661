import '@tensorflow/tfjs';
import { grad, memory, setBackend, sum, tensor, tidy, variableGrads, type Tensor } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  conv,
  dense,
  dropout,
  flatten,
  globalAveragePool,
  maxPool,
  residual,
  type Architecture,
} from './architecture.js';
import { architectures } from './architectures.js';
import { assembleNet, createNet, type Net } from './net.js';
import { size } from './plan.js';
import { encodeWeights, loadNet } from '../weights/weights.js';
import { float64Logits, type Weights } from './testing/float64-net.js';

const everyLayer: Architecture = {
  name: 'every-layer',
  layers: [
    conv(3, 3, { padding: 'same' }),
    maxPool(2),
    conv(4, 3, { stride: 2, padding: 'same' }),
    conv(5, 2),
    flatten(),
    dropout(),
    dense(6),
    dropout(),
  ],
};
/** Blocks that keep the shape, that change the filters, and that take strides over even and odd sides. */
const everyBlock: Architecture = {
  name: 'every-block',
  layers: [
    conv(3, 3, { padding: 'same' }),
    residual(3),
    residual(4),
    residual(5, { stride: 2 }),
    residual(5, { stride: 2 }),
    globalAveragePool(),
    dropout(),
    dense(6),
  ],
};
const inputShape = [9, 7, 2] as const;
const plain = { name: 'glorot-uniform', output_scale: 'one' } as const;

function create(options: Partial<Parameters<typeof createNet>[0]> = {}): Net {
  const initialisation = { ...plain };
  return createNet({
    architecture: everyLayer,
    inputShape,
    classes: 3,
    initialisation,
    temperature: 1,
    seed: 1,
    ...options,
  });
}

/** A net none of whose weights is 0, biases and the branches' last layers included. */
function randomised(architecture: Architecture): Net {
  const random = Random.stream(3, 'weights');
  return assembleNet(architecture, { inputShape, classes: 3 }, ({ shape, fanIn }) =>
    Float32Array.from({ length: size(shape) }, () => random.normal() * Math.sqrt(1.5 / fanIn)),
  );
}

function weightsOf(net: Net): Weights {
  return Object.fromEntries(net.parameters.map(({ name, variable }) => [name, [...variable.dataSync<'float32'>()]]));
}

function images(count: number): Tensor {
  const random = Random.stream(2, 'images');
  return tensor(
    Float32Array.from({ length: count * 9 * 7 * 2 }, () => random.uniform()),
    [count, ...inputShape],
  );
}

beforeAll(() => setBackend('cpu'));

describe('createNet', () => {
  it('gives the same weights for the same seed, bit for bit, and others for another seed', () => {
    expect(weightsOf(create())).toEqual(weightsOf(create()));
    expect(weightsOf(create({ seed: 2 }))).not.toEqual(weightsOf(create()));
  });

  it('multiplies the last layer by T, and no other, where output_scale says so', () => {
    const { 'logits/kernel': plainOutput, ...plainRest } = weightsOf(create({ temperature: 16 }));
    const scaled = create({ temperature: 16, initialisation: { name: 'glorot-uniform', output_scale: 'temperature' } });
    const { 'logits/kernel': scaledOutput, ...scaledRest } = weightsOf(scaled);
    expect(scaledOutput).toEqual(plainOutput!.map((weight) => 16 * weight));
    expect(scaledRest).toEqual(plainRest);
  });

  it('names its architecture and counts its parameters', () => {
    const net = create({ architecture: 'compact', inputShape: [28, 28, 1], classes: 10 });
    expect(net.architecture).toBe('compact');
    expect(net.parameterCount).toBe(38_826);
    expect(net.outputKernel.shape).toEqual([64, 10]);
  });
});

describe.each([everyLayer, everyBlock])('a net of $name', (architecture) => {
  it('gives the logits of a reference in double precision', () => {
    const net = randomised(architecture);
    const batch = images(4);
    const logits = net.logits(batch).arraySync();
    const pixels = batch.dataSync<'float32'>();
    for (const [index, row] of logits.entries()) {
      const image = [...pixels.subarray(index * 126, (index + 1) * 126)];
      const expected = float64Logits(architecture, weightsOf(net), image, inputShape);
      for (const [which, logit] of row.entries()) expect(logit).toBeCloseTo(expected[which]!, 5);
    }
  });

  it('passes the gradient of its input and of every weight on', () => {
    const net = randomised(architecture);
    const batch = images(1);
    const weights = weightsOf(net);
    const image = [...batch.dataSync<'float32'>()];
    const step = 1e-6;
    const total = (by: Weights, of: number[]) =>
      float64Logits(architecture, by, of, inputShape).reduce((a, b) => a + b, 0);
    const slopeBy = (shifted: (by: number) => number) => (shifted(step) - shifted(-step)) / (2 * step);

    const gradient = grad((x) => sum(net.logits(x)))(batch).dataSync<'float32'>();
    for (const at of [0, 31, 64, 90, 125]) {
      const slope = slopeBy((by) => total(weights, image.with(at, image[at]! + by)));
      expect(gradient[at]).toBeCloseTo(slope, 4);
    }

    const { grads } = variableGrads(
      () => sum(net.logits(batch)),
      net.parameters.map(({ variable }) => variable),
    );
    for (const { name, variable } of net.parameters) {
      const own = grads[variable.name]!.dataSync<'float32'>();
      expect(own.some((value) => value !== 0)).toBe(true);
      for (const at of [0, own.length >> 1, own.length - 1]) {
        const slope = slopeBy((by) =>
          total({ ...weights, [name]: weights[name]!.with(at, weights[name]![at]! + by) }, image),
        );
        expect(own[at], `${name} ${at}`).toBeCloseTo(slope, 4);
      }
    }
  });
});

describe('a residual net', () => {
  it('starts with branches that add nothing, so that its blocks pass the features on', () => {
    const block = { name: 'block', layers: [conv(3, 3, { padding: 'same' }), residual(3), flatten()] } as Architecture;
    const bare = { name: 'bare', layers: [conv(3, 3, { padding: 'same' }), flatten()] } as Architecture;
    const batch = images(2);
    const logits = (architecture: Architecture) => create({ architecture }).logits(batch).arraySync();
    expect(logits(block)).toEqual(logits(bare));
  });

  it('gives an example the same logits alone as in a batch', () => {
    const net = randomised(everyBlock);
    const batch = images(3);
    const together = net.logits(batch).arraySync();
    expect(net.logits(batch.slice([1], [1])).arraySync()[0]).toEqual(together[1]);
  });
});

describe('each architecture', () => {
  it.each(Object.keys(architectures))('%s comes back from its file of weights', async (architecture) => {
    const shape = architecture === 'papernot-cifar' ? [32, 32, 3] : [28, 28, 1];
    const net = create({ architecture, inputShape: shape, classes: 10 });
    const loaded = loadNet(await encodeWeights(net));
    expect(loaded.architecture).toBe(architecture);
    const values = ({ parameters }: Net) =>
      parameters.map(({ name, variable }) => [name, Buffer.from(variable.dataSync().buffer).toString('base64')]);
    expect(values(loaded)).toEqual(values(net));
    for (const each of [net, loaded]) each.dispose();
  });
});

describe('a net', () => {
  it('drops units in training, by the stream it is given, and never otherwise', () => {
    const net = create();
    const batch = images(2);
    const train = (rate: number, seed: number) => [
      ...net.trainingLogits(batch, { rate, random: Random.stream(seed, 'dropout') }).dataSync<'float32'>(),
    ];
    const inUse = [...net.logits(batch).dataSync<'float32'>()];
    expect(train(0.5, 1)).not.toEqual(inUse);
    expect(train(0.5, 1)).toEqual(train(0.5, 1));
    expect(train(0.5, 1)).not.toEqual(train(0.5, 2));
    expect([...net.logits(batch).dataSync<'float32'>()]).toEqual(inUse);
    expect(train(0, 1)).toEqual(inUse);
  });

  it('draws no random number when nothing is dropped', () => {
    const random = Random.stream(1, 'dropout');
    const before = random.state;
    create().trainingLogits(images(1), { rate: 0, random });
    expect(random.state).toEqual(before);
  });

  it('refuses dropout where the architecture has no place for it', () => {
    const net = create({ architecture: { name: 'bare', layers: [flatten()] } });
    expect(() => net.trainingLogits(images(1), { rate: 0.5, random: Random.stream(1, 'dropout') })).toThrow(
      'bare has no place for dropout, so its rate must be 0, not 0.5',
    );
  });

  it('leaves one tensor of logits behind, and none once it is disposed', () => {
    const before = memory().numTensors;
    const net = create();
    expect(memory().numTensors - before).toBe(net.parameters.length);
    const batch = images(2);
    const logits = [
      net.logits(batch),
      tidy(() => net.trainingLogits(batch, { rate: 0.5, random: Random.stream(1, 'd') })),
    ];
    expect(memory().numTensors - before).toBe(net.parameters.length + 3);
    for (const each of [batch, ...logits]) each.dispose();
    net.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
