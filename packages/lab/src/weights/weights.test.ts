import '@tensorflow/tfjs';
import { memory, setBackend, tensor4d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createNet, type Net } from '../nets/net.js';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors.js';
import { decodeWeights, encodeWeights, loadNet, restoreWeights } from './weights.js';

const metadata = { architecture: 'compact', input_shape: '[8,8,1]', classes: '3' };

function create(seed: number): Net {
  return createNet({
    architecture: 'compact',
    inputShape: [8, 8, 1],
    classes: 3,
    initialisation: { name: 'he-normal', output_scale: 'one' },
    temperature: 1,
    seed,
  });
}

/** The file of a net with one thing changed. */
async function changed(change: (tensors: NamedTensor[]) => NamedTensor[], more: Record<string, string> = {}) {
  const { tensors } = decodeSafetensors(await encodeWeights(create(1)));
  return encodeSafetensors(change([...tensors]), { ...metadata, ...more });
}

beforeAll(() => setBackend('cpu'));

describe('encodeWeights', () => {
  it('gives a file from which the net comes back bit for bit', async () => {
    const net = create(1);
    const bytes = await encodeWeights(net);
    const before = memory().numTensors;
    const loaded = loadNet(bytes);
    expect(loaded).toMatchObject({ architecture: 'compact', inputShape: [8, 8, 1], classes: 3 });
    expect(await encodeWeights(loaded)).toEqual(bytes);
    const batch = tensor4d(
      Float32Array.from({ length: 128 }, (_, at) => at / 128),
      [2, 8, 8, 1],
    );
    expect(await loaded.logits(batch).data()).toEqual(await net.logits(batch).data());
    loaded.dispose();
    expect(memory().numTensors).toBe(before + 3);
  });

  it('says in the file which net it is and how the axes are ordered', async () => {
    const { metadata: written, tensors } = decodeSafetensors(await encodeWeights(create(1)));
    expect(written).toMatchObject(metadata);
    expect(written.layout).toContain('[height, width, in, out]');
    expect(tensors.map(({ name }) => name)).toContain('logits/kernel');
  });
});

describe('loadNet', () => {
  it.each<[string, () => Promise<Uint8Array>, string]>([
    ['a missing tensor', () => changed((all) => all.slice(1)), "tensor 'conv1/kernel' is absent"],
    [
      'a tensor too many',
      () => changed((all) => [...all, { name: 'extra', shape: [1], values: Float32Array.of(1) }]),
      "tensor 'extra' is not of this net",
    ],
    [
      'another shape',
      () => changed((all) => all.map((each) => (each.name === 'logits/kernel' ? { ...each, shape: [3, 64] } : each))),
      "tensor 'logits/kernel' has shape [3, 64], not [64, 3]",
    ],
    [
      'a value that is not finite',
      () => changed((all) => all.map((each) => ({ ...each, values: each.values.fill(NaN, 1, 2) }))),
      "value 1 of tensor 'conv1/kernel' is NaN, not finite",
    ],
    [
      'an unknown architecture',
      () => changed((all) => all, { architecture: 'vgg' }),
      "no architecture is called 'vgg'",
    ],
    ['an input shape that is none', () => changed((all) => all, { input_shape: '28x28' }), "'input_shape' is a list"],
    ['classes that are no number', () => changed((all) => all, { classes: 'ten' }), 'at least 2 classes, not NaN'],
    [
      'no metadata',
      () => Promise.resolve(encodeSafetensors([], {})),
      "the metadata of a net's weights needs 'architecture'",
    ],
  ])('refuses %s', async (_, file, message) => {
    const bytes = await file();
    const before = memory().numTensors;
    expect(() => loadNet(bytes)).toThrow(message);
    expect(memory().numTensors).toBe(before);
  });
});

describe('restoreWeights', () => {
  it('makes a net equal to the one in the file', async () => {
    const net = create(2);
    const bytes = await encodeWeights(create(1));
    restoreWeights(net, bytes);
    expect(await encodeWeights(net)).toEqual(bytes);
  });

  it('leaves the net as it was when the file does not fit', async () => {
    const net = create(2);
    const before = await encodeWeights(net);
    const file = await changed((all) => all.slice(0, -1));
    expect(() => restoreWeights(net, file)).toThrow("tensor 'logits/bias' is absent");
    expect(await encodeWeights(net)).toEqual(before);
  });
});

describe('decodeWeights', () => {
  it('gives the tensors with what they belong to', async () => {
    const { architecture, inputShape, classes, tensors } = decodeWeights(await encodeWeights(create(1)));
    expect({ architecture, inputShape, classes }).toEqual({
      architecture: 'compact',
      inputShape: [8, 8, 1],
      classes: 3,
    });
    expect(tensors).toHaveLength(8);
  });
});
