import '@tensorflow/tfjs';
import { memory, setBackend, tensor2d, tensor4d, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { Defence, TrainingSettings } from '@retort/contracts';
import { Random } from '@retort/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { createNet, type Net } from '../nets/net.js';
import { float64Logits } from '../nets/testing/float64-net.js';
import { randomStreams } from './checkpoint.js';
import { hardestImages } from './hardest-images.js';
import { crossEntropyAt } from './loss.js';
import { objective } from './objective.js';
import { tiny } from './testing/bars.js';

const shape = [6, 6, 1] as const;
const count = 5;
const random = Random.stream(4, 'images');
const images = Array.from({ length: count }, () => Array.from({ length: 36 }, () => random.uniform()));
const targets = images.map((_, index) => [0.7, 0.2, 0.1].map((_, at, all) => all[(at + index) % 3]!));

const settings: TrainingSettings = {
  temperature: 2,
  epochs: 1,
  batch_size: count,
  optimizer: { name: 'sgd' },
  learning_rate: { base: 0.1, rule: 'constant', decay_factor: 1, decay_every_epochs: 1 },
  dropout: 0,
  weight_decay: 0.01,
  minimum_accuracy: 0,
};
const pgd: Defence = { name: 'pgd', norm: 'linf', epsilon: 0.1, steps: 3, random_start: false, ramp_epochs: 0 };
const trades: Defence = { name: 'trades', norm: 'l2', epsilon: 0.5, steps: 4, ramp_epochs: 0, beta: 3 };

function create(): Net {
  return createNet({
    architecture: tiny,
    inputShape: shape,
    classes: 3,
    initialisation: { name: 'he-normal', output_scale: 'temperature' },
    temperature: 2,
    seed: 3,
  });
}

const batch = () => ({ images: tensor4d(images.flat(), [count, ...shape]), targets: tensor2d(targets) });

type Weights = Record<string, number[]>;

/** log softmax(logits / T) of one image in double precision. */
function logAnswer(weights: Weights, image: readonly number[]): number[] {
  const logits = float64Logits(tiny, weights, image, shape).map((logit) => logit / settings.temperature);
  const normaliser = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  return logits.map((logit) => logit - normaliser);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function crossEntropy64(weights: Weights, at: readonly (readonly number[])[]): number {
  const of = (image: readonly number[], index: number) =>
    logAnswer(weights, image).reduce((sum, log, k) => sum - targets[index]![k]! * log, 0);
  return mean(at.map(of)) + 0.01 * weights['logits/kernel']!.reduce((sum, weight) => sum + weight ** 2, 0);
}

/** Zhang et al. 2019, equation 5 with the cross-entropy: the worst images are given. */
function trades64(weights: Weights, worst: readonly (readonly number[])[], beta: number): number {
  const divergences = images.map((image, index) => {
    const q = logAnswer(weights, worst[index]!);
    return logAnswer(weights, image).reduce((sum, log, k) => sum + Math.exp(log) * (log - q[k]!), 0);
  });
  return crossEntropy64(weights, images) + beta * mean(divergences);
}

/** The images that the net meets, in the order of its passes in training. */
function watched(net: Net): { net: Net; seen: number[][][] } {
  const seen: number[][][] = [];
  return {
    seen,
    net: Object.assign(Object.create(net) as Net, {
      logits: (x: Parameters<Net['logits']>[0]) => net.logits(x),
      trainingLogits: (...[x, dropout]: Parameters<Net['trainingLogits']>) => {
        seen.push((x.reshape([count, 36]).arraySync() as number[][]).map((row) => [...row]));
        return net.trainingLogits(x, dropout);
      },
    }),
  };
}

beforeAll(() => setBackend('cpu'));

describe.each([
  ['without a defence', undefined, (weights: Weights) => crossEntropy64(weights, images)],
  ['with pgd', pgd, (weights: Weights, [worst]: number[][][]) => crossEntropy64(weights, worst!)],
  ['with trades', trades, (weights: Weights, [, worst]: number[][][]) => trades64(weights, worst!, 3)],
] as const)('what a step lowers %s', (_, defence, reference) => {
  it('is the loss of its definition, and so is its gradient, by finite differences in double precision', () => {
    const { net, seen } = watched(create());
    const loss = objective(net, batch(), { ...settings, defence }, randomStreams(1), 1);
    const { value, grads } = variableGrads(
      loss,
      net.parameters.map(({ variable }) => variable),
    );
    const weights: Weights = Object.fromEntries(
      net.parameters.map(({ name, variable }) => [name, [...variable.dataSync<'float32'>()]]),
    );
    expect(value.arraySync()).toBeCloseTo(reference(weights, seen), 5);
    const step = 1e-6;
    for (const { name, variable } of net.parameters) {
      const gradient = grads[variable.name]!.dataSync<'float32'>();
      const scale = Math.max(...gradient.map(Math.abs));
      expect(scale).toBeGreaterThan(0);
      for (const [at, weight] of weights[name]!.entries()) {
        const shifted = (by: number) => reference({ ...weights, [name]: weights[name]!.with(at, weight + by) }, seen);
        const difference = (shifted(step) - shifted(-step)) / (2 * step);
        expect(Math.abs(gradient[at]! - difference) / scale, `${name} ${at}`).toBeLessThan(2e-4);
      }
    }
  });

  it('leaves no tensor behind in a tidy', () => {
    const net = create();
    const before = memory().numTensors;
    tidy(() => void objective(net, batch(), { ...settings, defence }, randomStreams(1), 1)());
    expect(memory().numTensors).toBe(before);
  });
});

describe('the images of a defence', () => {
  const meets = (defence: Defence, { progress = 1, seed = 1 } = {}) => {
    const { net, seen } = watched(create());
    objective(net, batch(), { ...settings, defence }, randomStreams(seed), progress)();
    return seen.at(-1)!;
  };
  const farthest = (moved: number[][]) =>
    Math.max(...moved.map((row, at) => Math.max(...row.map((pixel, k) => Math.abs(pixel - images[at]![k]!)))));

  it('are those of the search, by steps of 2.5 · epsilon / steps where no size is given', () => {
    const net = create();
    const { images: x, targets: y } = batch();
    const search = { norm: 'linf', epsilon: 0.1, stepSize: 0.25 / 3, steps: 3 } as const;
    const found = hardestImages(x, x.mul(0), (moved) => crossEntropyAt(net.logits(moved), y, 2), search);
    expect(meets(pgd)).toEqual(found.reshape([count, 36]).arraySync());
    expect(meets({ ...pgd, step_size: 0.25 / 3 })).toEqual(meets(pgd));
    expect(meets({ ...pgd, step_size: 0.01 })).not.toEqual(meets(pgd));
  });

  it('start at random by the seed, inside the ball', () => {
    const start = { ...pgd, random_start: true, steps: 1, step_size: 1e-9 };
    expect(meets(start)).toEqual(meets(start));
    expect(meets(start, { seed: 2 })).not.toEqual(meets(start));
    expect(farthest(meets(start))).toBeGreaterThan(0.05);
    expect(farthest(meets(start))).toBeLessThanOrEqual(0.1 + 1e-6);
  });

  it('lie within an epsilon that rises over the ramp', () => {
    const ramped = { ...pgd, ramp_epochs: 2 };
    expect(farthest(meets(ramped, { progress: 0.5 }))).toBeCloseTo(0.025, 6);
    expect(meets(ramped, { progress: 2 })).toEqual(meets(pgd));
    expect(meets(ramped, { progress: 7 })).toEqual(meets(pgd));
  });

  it('are plain where epsilon is 0', () => {
    const rounded = batch().images.reshape([count, 36]).arraySync();
    expect(meets({ ...pgd, epsilon: 0, random_start: true })).toEqual(rounded);
    expect(meets({ ...trades, epsilon: 0 })).toEqual(rounded);
  });
});
