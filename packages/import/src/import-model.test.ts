import { readFileSync } from 'node:fs';
import { grad, memory, mul, sum, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { ImportFormat, ImportInput } from '@retort/contracts';
import { startEngine } from '@retort/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { importModel } from './import-model.js';
import { knownLayers } from './layers/known-layers.js';

beforeAll(() => startEngine({ force: 'wasm' }));

/** What Keras and TensorFlow say of a net; see testing/make-fixtures.py. */
interface Truth {
  readonly shape: number[];
  readonly classes: number;
  readonly parameters: number;
  readonly layers: string[];
  readonly images: number[];
  readonly logits: number[];
  readonly gradient: number[];
}

const fixture = (name: string): Uint8Array => readFileSync(new URL(`testing/fixtures/${name}`, import.meta.url));
const truthOf = (name: string): Truth => JSON.parse(new TextDecoder().decode(fixture(`${name}.json`))) as Truth;
const plainInput: ImportInput = { scale: 1, offset: 0, layout: 'channels_last' };

/** A net, its file, and what is taken off its end. */
const files: [net: string, file: string, format: ImportFormat, removed: string][] = [
  ['plain', 'plain.keras', 'keras', 'softmax'],
  ['plain', 'plain.h5', 'keras-h5', 'softmax'],
  ['plain', 'plain.keras-2.h5', 'keras-h5', 'softmax'],
  ['plain', 'plain.tfjs-layers.zip', 'tfjs-layers', 'softmax'],
  ['plain', 'plain.tfjs-graph.zip', 'tfjs-graph', 'softmax'],
  ['branched', 'branched.keras', 'keras', 'softmax'],
  ['branched', 'branched.h5', 'keras-h5', 'softmax'],
  ['branched', 'branched.tfjs-layers.zip', 'tfjs-layers', 'softmax'],
  ['branched', 'branched.tfjs-graph.zip', 'tfjs-graph', 'softmax'],
  ['activated', 'activated.keras', 'keras', 'log_softmax'],
  ['augmented', 'augmented.keras', 'keras', 'none'],
  ['binary', 'binary.keras', 'keras', 'sigmoid'],
];

describe.each(files)('%s from %s', (net, file, format, removed) => {
  it('has the logits and the input gradients that Keras gives it, and leaves no tensor behind', async () => {
    const truth = truthOf(net);
    const before = memory().numTensors;
    const model = await importModel({
      format,
      bytes: fixture(file),
      input: plainInput,
      inputShape: truth.shape,
      classes: truth.classes,
    });
    const { logits, gradient } = tidy(() => {
      const images = tensor(truth.images, [truth.images.length / pixels(truth), ...truth.shape]);
      const logits = model.logits(images);
      const weights = tensor(
        truth.logits.map((_, at) => Math.cos(at)),
        logits.shape,
      );
      const gradient = grad((batch: Tensor) => sum(mul(model.logits(batch), weights)))(images);
      return { logits: logits.dataSync(), gradient: gradient.dataSync() };
    });
    expect(relativeError(logits, truth.logits)).toBeLessThan(1e-5);
    expect(relativeError(gradient, truth.gradient)).toBeLessThan(1e-5);
    expect(model.removed).toBe(removed);
    // A converter folds batch normalisation into other weights.
    if (format !== 'tfjs-graph') expect(model.parameterCount).toBe(truth.parameters);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

it('knows no layer that these nets do not have', () => {
  const used = new Set(files.flatMap(([net]) => truthOf(net).layers));
  expect(Object.keys(knownLayers).filter((name) => !used.has(name))).toEqual([]);
});

function pixels({ shape }: Truth): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The largest difference, relative to the largest known value. */
function relativeError(values: ArrayLike<number>, known: readonly number[]): number {
  expect(values.length).toBe(known.length);
  const scale = Math.max(...known.map(Math.abs));
  return Math.max(...known.map((value, at) => Math.abs(value - values[at]!))) / scale;
}
