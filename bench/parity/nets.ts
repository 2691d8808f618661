import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check, TrainingSettings, type Architecture } from '@retort/contracts';
import { loadDataset, type Dataset } from '@retort/datasets';
import { createNet, encodeWeights, largestLogits, loadNet, predictLogits, train, type Net } from '@retort/lab';
import type { NetName } from './comparison.js';

/** A net with the examples that are attacked, all of which it classifies correctly. */
export interface Subject {
  readonly name: NetName;
  readonly net: Net;
  /** The safetensors file of its weights. */
  readonly weights: string;
  /** One after the other. */
  readonly images: Float32Array;
  readonly labels: readonly number[];
  /** What the net says of the images, one row an image. */
  readonly logits: Float32Array;
  readonly testAccuracy: number;
}

const SEED = 0;

/** How much of MNIST each architecture learns from here, and how often: enough for a net worth attacking. */
const EFFORT: Record<Architecture, { train: number; epochs: number; learningRate: number }> = {
  compact: { train: 30000, epochs: 2, learningRate: 0.1 },
  lenet: { train: 30000, epochs: 2, learningRate: 0.05 },
  'lenet-300-100': { train: 30000, epochs: 2, learningRate: 0.05 },
  'lenet-caffe': { train: 30000, epochs: 2, learningRate: 0.05 },
  'madry-mnist': { train: 12000, epochs: 2, learningRate: 0.05 },
  'papernot-cifar': { train: 12000, epochs: 2, learningRate: 0.05 },
  'papernot-mnist': { train: 12000, epochs: 2, learningRate: 0.01 },
  'resnet-8': { train: 12000, epochs: 2, learningRate: 0.05 },
};

/**
 * The nets that are compared on, trained on real MNIST unless the folder holds them from an earlier run.
 *
 * @param count how many examples of the test set, the first that the net classifies correctly
 * @param folder keeps the weights
 */
export async function subjects(
  architecture: Architecture,
  names: readonly NetName[],
  count: number,
  folder: string,
): Promise<Subject[]> {
  await mkdir(folder, { recursive: true });
  const dataset = await loadDataset({
    name: 'mnist',
    train: EFFORT[architecture].train,
    validation: 2000,
    test: 10000,
    split_seed: 0,
    pixel_divisor: 255,
  });
  const found: Subject[] = [];
  for (const name of names) {
    const weights = join(folder, `${architecture}-${name}.safetensors`);
    if (!existsSync(weights)) {
      const net = await trained(architecture, name, dataset);
      await writeFile(weights, await encodeWeights(net));
      net.dispose();
    }
    found.push(await subjectOf(name, weights, dataset, count));
  }
  return found;
}

async function trained(architecture: Architecture, name: NetName, { train: data, validation }: Dataset): Promise<Net> {
  const { epochs, learningRate } = EFFORT[architecture];
  const checked = check(TrainingSettings, {
    temperature: name === 'standard' ? 1 : 20,
    epochs,
    batch_size: 64,
    optimizer: { name: 'nesterov', momentum: 0.9 },
    learning_rate: { base: learningRate, rule: 'sqrt-temperature', decay_factor: 0.5 },
    minimum_accuracy: 0.95,
  });
  if (!checked.ok) throw new RangeError(checked.problems.map(({ message }) => message).join('; '));
  const settings = checked.value as TrainingSettings;
  const { inputShape, classes } = data;
  const initialisation = { name: 'he-normal', output_scale: 'one' } as const;
  const { temperature } = settings;
  const net = createNet({ architecture, inputShape, classes, initialisation, temperature, seed: SEED });
  await train({ net, data, validation, settings, seed: SEED });
  return net;
}

async function subjectOf(name: NetName, weights: string, { test }: Dataset, count: number): Promise<Subject> {
  const net = loadNet(await readFile(weights));
  const logits = await predictLogits(net, test.images, test.count);
  const predicted = largestLogits(logits, net.classes);
  const right = Array.from(predicted.keys()).filter((at) => predicted[at] === test.labels[at]);
  const chosen = right.slice(0, count);
  const pixels = test.images.length / test.count;
  return {
    name,
    net,
    weights,
    images: Float32Array.from(chosen.flatMap((at) => [...test.images.subarray(at * pixels, (at + 1) * pixels)])),
    labels: chosen.map((at) => test.labels[at]!),
    logits: Float32Array.from(chosen.flatMap((at) => [...logits.subarray(at * net.classes, (at + 1) * net.classes)])),
    testAccuracy: right.length / test.count,
  };
}

/** The same net with its first examples alone. */
export function firstOf(subject: Subject, count: number): Subject {
  const { images, labels, logits, net } = subject;
  const pixels = images.length / labels.length;
  return {
    ...subject,
    images: images.subarray(0, count * pixels),
    labels: labels.slice(0, count),
    logits: logits.subarray(0, count * net.classes),
  };
}
