import '@tensorflow/tfjs';
import { grad, memory, setBackend, sum, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { Random } from '@retort/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { conv, dense, dropout, flatten, maxPool, type Architecture } from './architecture.js';
import { createNet, type Net } from './net.js';
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

describe('a net', () => {
  it('gives the logits of a reference in double precision', () => {
    const net = create();
    const batch = images(4);
    const logits = net.logits(batch).arraySync();
    const pixels = batch.dataSync<'float32'>();
    for (const [index, row] of logits.entries()) {
      const image = [...pixels.subarray(index * 126, (index + 1) * 126)];
      const expected = float64Logits(everyLayer, weightsOf(net), image, inputShape);
      for (const [which, logit] of row.entries()) expect(logit).toBeCloseTo(expected[which]!, 5);
    }
  });

  it('passes the gradient of its input on', () => {
    const net = create();
    const batch = images(1);
    const gradient = grad((x) => sum(net.logits(x)))(batch).dataSync<'float32'>();
    const image = [...batch.dataSync<'float32'>()];
    const total = (at: number, shift: number) =>
      float64Logits(everyLayer, weightsOf(net), image.with(at, image[at]! + shift), inputShape).reduce(
        (a, b) => a + b,
        0,
      );
    for (const at of [0, 31, 64, 90, 125]) {
      expect(gradient[at]).toBeCloseTo((total(at, 1e-6) - total(at, -1e-6)) / 2e-6, 5);
    }
  });

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
