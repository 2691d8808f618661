import { readFileSync } from 'node:fs';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { memory } from '@tensorflow/tfjs-core';
import type { ImportFormat } from '@retort/contracts';
import { startEngine } from '@retort/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { ImportError } from './import-error.js';
import { importModel } from './import-model.js';

beforeAll(() => startEngine({ force: 'wasm' }));

const fixture = (name: string): Uint8Array => readFileSync(new URL(`testing/fixtures/${name}`, import.meta.url));

type Fields = Record<string, unknown>;

/** A fixture with the JSON file in its zip changed. */
function changed<T>(name: string, file: string, change: (json: T) => void): Uint8Array {
  const files = unzipSync(fixture(name));
  const json = JSON.parse(strFromU8(files[file]!)) as T;
  change(json);
  return zipSync({ ...files, [file]: strToU8(JSON.stringify(json)) });
}

/** The net "plain" as .keras, with its layers changed. */
const withLayers = (change: (layers: { class_name: string; config: Fields }[] & Fields[]) => void): Uint8Array =>
  changed<{ config: { layers: never } }>('plain.keras', 'config.json', ({ config }) => change(config.layers));

/** The net "plain" as a graph, with a node changed. */
const withNode = (op: string, to: string): Uint8Array =>
  changed<{ modelTopology: { node: { op: string }[] } }>('plain.tfjs-graph.zip', 'model.json', (model) => {
    model.modelTopology.node.find((node) => node.op === op)!.op = to;
  });

interface Case {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly format?: ImportFormat;
  readonly says: string;
  /** TensorFlow.js keeps what a gradient saved on its way to an op that has none. */
  readonly leaves?: boolean;
  readonly inputShape?: number[];
  readonly classes?: number;
}

const cases: Case[] = [
  { what: 'no zip', bytes: strToU8('weights'), says: 'no zip archive' },
  { what: 'no HDF5', bytes: strToU8('weights'), format: 'keras-h5', says: 'no HDF5 file' },
  {
    what: 'a damaged HDF5 file',
    bytes: fixture('plain.h5').subarray(0, 4000),
    format: 'keras-h5',
    says: 'damaged HDF5 file',
  },
  {
    what: 'weights alone',
    bytes: unzipSync(fixture('plain.keras'))['model.weights.h5']!,
    format: 'keras-h5',
    says: 'save it by model.save',
  },
  { what: 'a zip of something else', bytes: zipSync({ 'a.txt': strToU8('a') }), says: 'no config.json in it' },
  {
    what: 'the other format of TensorFlow.js',
    bytes: fixture('plain.tfjs-graph.zip'),
    format: 'tfjs-layers',
    says: 'import it as tfjs-graph',
  },
  {
    what: 'a layer that is not known',
    bytes: withLayers((layers) => (layers[1]!.class_name = 'LSTM')),
    says: '"conv2d" is a LSTM',
  },
  {
    what: 'a layer of somebody else',
    bytes: withLayers((layers) => (layers[1]!.registered_name = 'mine>Magic')),
    says: '"conv2d" is mine>Magic, which is no layer of Keras itself',
  },
  {
    what: 'a subclassed net',
    bytes: changed<Fields>('plain.keras', 'config.json', (net) => (net.class_name = 'MyNet')),
    says: 'the net is of class MyNet',
  },
  {
    what: 'grouped convolution',
    bytes: withLayers((layers) => (layers[1]!.config.groups = 2)),
    says: '"conv2d" (Conv2D) cannot be imported: groups is 2; use 1',
  },
  {
    what: 'dilated convolution',
    bytes: withLayers((layers) => (layers[1]!.config.dilation_rate = [2, 2])),
    says: 'dilation_rate/0 is 2; use 1',
  },
  {
    what: 'an activation that TensorFlow.js computes otherwise',
    bytes: withLayers((layers) => (layers[1]!.config.activation = 'hard_sigmoid')),
    says: 'activation "hard_sigmoid" is not known here',
  },
  {
    what: 'a setting that nobody knows',
    bytes: withLayers((layers) => (layers[1]!.config.twist = 3)),
    says: 'cannot be imported: "twist" is not a field here',
  },
  {
    what: 'half precision',
    bytes: withLayers((layers) => (layers[1]!.config.dtype = 'mixed_float16')),
    says: 'save the net with the dtype policy float32',
  },
  {
    what: 'a softmax that cannot be taken off',
    bytes: withLayers((layers) => layers.push({ class_name: 'Reshape', config: { name: 'last', target_shape: [4] } })),
    says: 'An attack needs logits',
  },
  {
    what: 'a graph without its softmax at the end',
    bytes: withNode('Identity', 'Abs'),
    format: 'tfjs-graph',
    says: 'An attack needs logits',
  },
  {
    what: 'an op without a gradient',
    bytes: withNode('MaxPool', 'MaxPoolWithArgmax'),
    format: 'tfjs-graph',
    says: 'the net uses MaxPoolWithArgmax, whose gradient TensorFlow.js does not have',
    leaves: true,
  },
  {
    what: 'an op that the engine lacks',
    bytes: withNode('Tanh', 'Real'),
    format: 'tfjs-graph',
    says: 'the net uses Real, which the engine wasm cannot compute',
  },
  {
    what: 'a weight of another layer',
    bytes: changed<{ weightsManifest: { weights: { name: string }[] }[] }>(
      'plain.tfjs-layers.zip',
      'model.json',
      (model) => {
        model.weightsManifest[0]!.weights[0]!.name = 'plain/conv/bias';
      },
    ),
    format: 'tfjs-layers',
    says: 'the weight plain/conv/bias is of no layer of the net',
  },
  {
    what: 'a weight of another shape',
    bytes: withLayers((layers) => (layers[1]!.config.filters = 4)),
    says: 'the weight kernel of "conv2d" has the shape [3, 3, 1, 3], not [3, 3, 1, 4]',
  },
  {
    what: 'a weight too few',
    bytes: withLayers((layers) => (layers[1]!.config.use_bias = false)),
    says: '"conv2d" needs 1 weights (kernel), and the file has 2',
  },
  {
    what: 'images of another size',
    bytes: fixture('plain.keras'),
    inputShape: [28, 28, 1],
    says: 'the net takes inputs of [8, 8, 1], but the images of the dataset are [28, 28, 1]',
  },
  {
    what: 'another number of classes',
    bytes: fixture('plain.h5'),
    format: 'keras-h5',
    classes: 10,
    says: 'outputs of the shape [8, 4] for 8 images, where the 10 classes of the dataset need [8, 10]',
  },
];

describe('a file is refused, and nothing is left in memory, for', () => {
  it.each(cases)('$what', async ({ bytes, format = 'keras', says, leaves, inputShape = [8, 8, 1], classes = 4 }) => {
    const before = memory().numTensors;
    const input = { scale: 1, offset: 0, layout: 'channels_last' as const };
    const error: unknown = await importModel({ format, bytes, input, inputShape, classes }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ImportError);
    expect((error as ImportError).message).toContain(says);
    if (!leaves) expect(memory().numTensors).toBe(before);
  });
});

it('refuses weights that are not finite', async () => {
  const files = unzipSync(fixture('plain.tfjs-layers.zip'));
  files['group1-shard2of2.bin']!.set([0, 0, 0xc0, 0x7f], files['group1-shard2of2.bin']!.length - 4);
  const options = {
    input: { scale: 1, offset: 0, layout: 'channels_last' as const },
    inputShape: [8, 8, 1],
    classes: 4,
  };
  await expect(importModel({ format: 'tfjs-layers', bytes: zipSync(files), ...options })).rejects.toThrow('holds NaN');
});
