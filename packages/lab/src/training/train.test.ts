import '@tensorflow/tfjs';
import { memory, setBackend, tensor } from '@tensorflow/tfjs-core';
import type { TrainingSettings } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { createNet, type Net } from '../nets/net.js';
import { decodeWeights, encodeWeights } from '../weights/weights.js';
import type { Checkpoint } from './checkpoint.js';
import { TrainingFailure } from './failure.js';
import type { EpochReport, StepReport } from './report.js';
import { oneHot } from './targets.js';
import { bars, tiny } from './testing/bars.js';
import { train, type TrainingOptions } from './train.js';

const data = bars(50, 1);
const validation = bars(30, 2);

const settings: TrainingSettings = {
  temperature: 1,
  epochs: 3,
  batch_size: 16,
  optimizer: { name: 'nesterov', momentum: 0.9 },
  learning_rate: { base: 0.1, rule: 'sqrt-temperature', decay_factor: 0.5, decay_every_epochs: 2 },
  dropout: 0.25,
  weight_decay: 0.001,
  minimum_accuracy: 0,
};
const pgd: TrainingSettings['defence'] = {
  name: 'pgd',
  norm: 'linf',
  epsilon: 0.05,
  steps: 2,
  random_start: true,
  ramp_epochs: 1.5,
};
const trades: TrainingSettings['defence'] = {
  name: 'trades',
  norm: 'l2',
  epsilon: 0.3,
  steps: 2,
  ramp_epochs: 0,
  beta: 2,
};
const adam: TrainingSettings['optimizer'] = { name: 'adam', beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 };

function create(seed = 1): Net {
  return createNet({
    architecture: tiny,
    inputShape: data.inputShape,
    classes: data.classes,
    initialisation: { name: 'he-normal', output_scale: 'one' },
    temperature: 1,
    seed,
  });
}

/** Trains a new net with some of the options changed and gives its weights. */
async function weightsAfter(options: Partial<TrainingOptions> = {}): Promise<Uint8Array> {
  const net = create();
  await train({ net, data, validation, settings, seed: 1, ...options });
  const weights = await encodeWeights(net);
  net.dispose();
  return weights;
}

/** All numbers of a file of weights, one tensor after the other. */
function loadedValues(weights: Uint8Array): number[] {
  return decodeWeights(weights).tensors.flatMap(({ values }) => [...values]);
}

/** The failure of a training with some of the settings changed. */
async function failureOf(changes: Partial<TrainingSettings>, options: Partial<TrainingOptions> = {}) {
  const failed: unknown = await train({
    net: create(),
    data,
    validation,
    settings: { ...settings, ...changes },
    seed: 1,
    ...options,
  }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(TrainingFailure);
  return failed as TrainingFailure;
}

beforeAll(() => setBackend('cpu'));

describe('train', () => {
  it.each<Partial<TrainingSettings>>([
    { temperature: 1 },
    { temperature: 20 },
    { label_smoothing: 0.2 },
    { temperature: 2, defence: pgd },
    { defence: trades, learning_rate: { ...settings.learning_rate, base: 0.05, decay_factor: 1 } },
    { temperature: 20, optimizer: adam, learning_rate: { ...settings.learning_rate, base: 0.01, decay_factor: 1 } },
  ])('learns to tell the bars apart: %o', async (changes) => {
    const outcome = await train({
      net: create(),
      data,
      validation,
      settings: { ...settings, epochs: 15, learning_rate: { ...settings.learning_rate, decay_factor: 1 }, ...changes },
      seed: 1,
    });
    expect(outcome.validation).toEqual({ correct: 30, examples: 30 });
    expect(outcome.epochs.at(-1)!.train_loss).toBeLessThan(outcome.epochs[0]!.train_loss);
  });

  it('gives the same weights for the same seed, bit for bit, and others for another seed', async () => {
    const weights = await weightsAfter();
    expect(await weightsAfter()).toEqual(weights);
    expect(await weightsAfter({ seed: 2 })).not.toEqual(weights);
  });

  it('trains a student of one-hot soft labels to the weights of the net of the same temperature, bit for bit', async () => {
    const hot = { settings: { ...settings, temperature: 20 } };
    const temperatureOnly = await weightsAfter(hot);
    expect(await weightsAfter({ ...hot, targets: oneHot(data.labels, data.classes) })).toEqual(temperatureOnly);
    const softer = oneHot(data.labels, data.classes).map((target) => 0.9 * target + 0.1 / 3);
    expect(await weightsAfter({ ...hot, targets: softer })).not.toEqual(temperatureOnly);
  });

  it('smooths the targets that it is given', async () => {
    const smoother = oneHot(data.labels, data.classes).map((target) => 0.9 * target + 0.1 / 3);
    expect(await weightsAfter({ settings: { ...settings, label_smoothing: 0.1 } })).toEqual(
      await weightsAfter({ targets: smoother }),
    );
  });

  it.each<Partial<TrainingSettings>>([
    { optimizer: settings.optimizer },
    { optimizer: adam },
    { defence: pgd },
    { defence: trades, label_smoothing: 0.1 },
    { average_decay: 0.9 },
    {
      learning_rate: { ...settings.learning_rate, schedule: { name: 'cosine', final_share: 0.1 }, warmup_epochs: 1.5 },
    },
    { early_stopping: { monitor: 'loss', patience: 1, min_delta: 0 }, average_decay: 0.5, temperature: 20 },
    { temperature: 20, warm_start_epochs: 1 },
  ])('ends a resumed run in the same weights, bit for bit: %o', async (changes) => {
    const changed = { ...settings, ...changes };
    const checkpoints: Checkpoint[] = [];
    const epochs: EpochReport[] = [];
    const whole = await weightsAfter({
      settings: changed,
      checkpoint: (checkpoint) => void checkpoints.push(checkpoint),
      onEpoch: (report) => void epochs.push(report),
    });
    expect(checkpoints.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    for (const resume of checkpoints) {
      // Another seed for the net: what it starts from must come from the checkpoint alone.
      const net = create(99);
      const outcome = await train({ net, data, validation, settings: changed, seed: 1, resume });
      expect(await encodeWeights(net)).toEqual(whole);
      const timeless = (reports: readonly EpochReport[]) => reports.map((report) => ({ ...report, seconds: 0 }));
      expect(timeless(outcome.epochs)).toEqual(timeless(epochs));
    }
  });

  it('reports every step and epoch, the last smaller batch included', async () => {
    const steps: StepReport[] = [];
    const epochs: EpochReport[] = [];
    const outcome = await train({
      net: create(),
      data,
      validation,
      settings,
      seed: 1,
      onStep: (report) => void steps.push(report),
      onEpoch: (report) => void epochs.push(report),
    });
    expect(steps.map(({ epoch, step, steps: all }) => `${epoch}:${step}/${all}`)).toEqual(
      [1, 2, 3].flatMap((epoch) => [1, 2, 3, 4].map((step) => `${epoch}:${step}/4`)),
    );
    expect(outcome.epochs).toEqual(epochs);
    expect(epochs.map((report) => report.learning_rate)).toEqual([0.1, 0.1, 0.05]);
    const [first, second, third, last] = steps.map(({ loss }) => loss);
    expect(epochs[0]!.train_loss).toBeCloseTo((16 * (first! + second! + third!) + 2 * last!) / 50, 12);
    expect(epochs[2]!.validation_accuracy).toBe(outcome.validation.correct / outcome.validation.examples);
  });

  it('trains its first epochs at T = 1 on the true labels where it starts warm', async () => {
    const constant = { ...settings.learning_rate, rule: 'constant' } as const;
    const softer = oneHot(data.labels, data.classes).map((target) => 0.9 * target + 0.1 / 3);
    const warm = { ...settings, temperature: 20, learning_rate: constant, warm_start_epochs: 3 };
    const atOne = await weightsAfter({ settings: { ...settings, learning_rate: constant } });
    expect(await weightsAfter({ settings: warm, targets: softer })).toEqual(atOne);
    expect(await weightsAfter({ settings: { ...warm, warm_start_epochs: 2 } })).not.toEqual(atOne);
  });

  it('ends with the average of its weights, and validates that', async () => {
    const trail: Checkpoint[] = [];
    const net = create();
    const outcome = await train({
      net,
      data,
      validation,
      settings: { ...settings, batch_size: 50, average_decay: 0.01 },
      seed: 1,
      checkpoint: (checkpoint) => void trail.push(checkpoint),
    });
    // One step an epoch: the average is 0.99 of the last weights, 0.0099 of those before, and so on.
    const after = trail.map(({ weights }) => loadedValues(weights));
    const first = loadedValues(await encodeWeights(create()));
    const expected = after[2]!.map(
      (last, at) => 0.99 * last + 0.0099 * after[1]![at]! + 0.000099 * after[0]![at]! + 1e-6 * first[at]!,
    );
    const got = loadedValues(await encodeWeights(net));
    got.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 5));
    expect(got).not.toEqual(after[2]);
    expect(outcome.validation.correct / 30).toBe(outcome.epochs[2]!.validation_accuracy);
  });

  it('stops when validation gets no better by min_delta, with the weights of its best epoch', async () => {
    const run = async (early_stopping: TrainingSettings['early_stopping']) => {
      const trail: Checkpoint[] = [];
      const net = create();
      const changed = { ...settings, epochs: 6, early_stopping };
      const checkpoint = (each: Checkpoint) => void trail.push(each);
      const outcome = await train({ net, data, validation, settings: changed, seed: 1, checkpoint });
      const { epoch, epochs } = outcome;
      expect(await encodeWeights(net)).toEqual(trail[epoch - 1]!.weights);
      expect(outcome.validation.correct / 30).toBe(epochs[epoch - 1]!.validation_accuracy);
      const resumed = create(99);
      const again = { net: resumed, data, validation, settings: changed, seed: 1, resume: trail.at(-1)! };
      expect(await train(again)).toEqual(outcome);
      expect(await encodeWeights(resumed)).toEqual(await encodeWeights(net));
      return { epoch, count: epochs.length, losses: epochs.map(({ validation_loss }) => validation_loss) };
    };
    // No loss falls by 100, and no accuracy rises by 1.
    expect(await run({ monitor: 'loss', patience: 2, min_delta: 100 })).toMatchObject({ epoch: 1, count: 3 });
    expect(await run({ monitor: 'accuracy', patience: 4, min_delta: 1 })).toMatchObject({ epoch: 1, count: 5 });
    const { epoch, count, losses } = await run({ monitor: 'loss', patience: 6, min_delta: 0 });
    expect(count).toBe(6);
    expect(losses[epoch - 1]).toBe(Math.min(...losses));
    expect(epoch).toBeGreaterThan(1);
  });

  it('decays the weights of the output layer only', async () => {
    const still = { ...settings, learning_rate: { ...settings.learning_rate, base: 1e-7 } };
    const norm = async (weight_decay: number) => {
      const net = create();
      await train({ net, data, validation, settings: { ...still, weight_decay }, seed: 1 });
      return Object.fromEntries(
        net.parameters.map(({ name, variable }) => [name, Math.hypot(...variable.dataSync<'float32'>())]),
      );
    };
    const free = await norm(0);
    const { 'logits/kernel': shrunk, ...rest } = await norm(1e5);
    expect(shrunk).toBeLessThan(0.99 * free['logits/kernel']!);
    for (const [name, length] of Object.entries(rest)) expect(length).toBeCloseTo(free[name]!, 4);
  });

  it('leaves no tensor behind, whether it succeeds, fails or is stopped', async () => {
    const net = create();
    const before = memory().numTensors;
    await train({ net, data, validation, settings: { ...settings, average_decay: 0.9, defence: pgd }, seed: 1 });
    expect(memory().numTensors).toBe(before);
    await expect(
      train({ net, data, validation, settings: { ...settings, minimum_accuracy: 1.1 }, seed: 1 }),
    ).rejects.toThrow();
    expect(memory().numTensors).toBe(before);
    const controller = new AbortController();
    const stopped = train({
      net,
      data,
      validation,
      settings,
      seed: 1,
      signal: controller.signal,
      onEpoch: () => controller.abort(),
    });
    await expect(stopped).rejects.toThrow();
    expect(memory().numTensors).toBe(before);
    net.dispose();
  });

  it('stops before the next batch, with the reason of the signal, and lets other events in between batches', async () => {
    const reason = new Error('cancelled by request');
    const controller = new AbortController();
    const steps: StepReport[] = [];
    // The timer fires only if the training yields to the event loop; the run is otherwise far longer than the test may take.
    setTimeout(() => controller.abort(reason), 20);
    const stopped = train({
      net: create(),
      data,
      validation,
      settings: { ...settings, epochs: 1_000_000 },
      seed: 1,
      signal: controller.signal,
      onStep: (report) => void steps.push(report),
    });
    await expect(stopped).rejects.toBe(reason);

    const already = AbortSignal.abort(reason);
    steps.length = 0;
    const refused = train({
      net: create(),
      data,
      validation,
      settings,
      seed: 1,
      signal: already,
      onStep: (s) => void steps.push(s),
    });
    await expect(refused).rejects.toBe(reason);
    expect(steps).toEqual([]);
  });

  it.each<[string, Partial<TrainingOptions>, string]>([
    ['no examples', { data: { ...data, count: 0 } }, 'the training examples must be at least one, not 0'],
    ['images of another size', { data: { ...data, inputShape: [5, 5, 1] } }, '50 training images of shape [5, 5, 1]'],
    ['a label beyond the classes', { validation: { ...validation, classes: 2 } }, 'validation label 2 is 2'],
    [
      'examples of other classes than the net',
      { data: { ...data, classes: 4 } },
      'the net takes [6, 6, 1] and knows 3 classes',
    ],
    ['targets of another length', { targets: new Float32Array(3) }, 'need 150 targets, not 3'],
  ])('refuses %s', async (_, options, message) => {
    await expect(weightsAfter(options)).rejects.toThrow(message);
  });
});

describe('a training without a usable net', () => {
  it('fails as diverged at the step whose loss is not finite', async () => {
    const { reason, evidence, message } = await failureOf({
      learning_rate: { base: 10, rule: 'constant', decay_factor: 1, decay_every_epochs: 1 },
      weight_decay: 10,
      batch_size: 1,
    });
    expect(reason).toBe('diverged');
    expect(evidence).toMatchObject({ reason: 'diverged', what: 'loss', epoch: 1, value: Infinity, learning_rate: 10 });
    expect(message).toMatch(
      /^the training diverged: at step \d+ of epoch 1 a value of the loss was Infinity at the learning rate 10; .*sqrt-temperature/,
    );
  });

  it('fails as diverged when the weights of the last step are not finite, though no loss shows it', async () => {
    const { evidence } = await failureOf({
      learning_rate: { base: 1e39, rule: 'constant', decay_factor: 1, decay_every_epochs: 1 },
      batch_size: 50,
      epochs: 1,
    });
    expect(evidence).toMatchObject({ reason: 'diverged', what: 'weights', epoch: 1 });
  });

  it('fails as constant when one class is all that it gives, with the counts', async () => {
    const net = create();
    for (const { name, variable } of net.parameters) {
      const values = name === 'logits/bias' ? [0, 1, 0] : new Array<number>(variable.size).fill(0);
      variable.assign(tensor(values, variable.shape));
    }
    const failure = await failureOf({ learning_rate: { ...settings.learning_rate, base: 0 } }, { net });
    expect(failure.evidence).toEqual({
      reason: 'constant_output',
      epoch: 1,
      class: 1,
      predicted: 30,
      labelled: 10,
      examples: 30,
      logits_equal: true,
    });
    expect(failure.message).toContain(
      'gives class 1 to 30 of 30 validation examples after epoch 1, though only 10 are',
    );
  });

  it('lets a net that is constant but alive train on, and refuses it at the end', async () => {
    const net = create();
    const bias = net.parameters.find(({ name }) => name === 'logits/bias')!.variable;
    bias.assign(tensor([0, 0, 1000], [3]));
    const epochs: number[] = [];
    const failure = await failureOf(
      { learning_rate: { ...settings.learning_rate, base: 0 } },
      { net, onEpoch: ({ epoch }) => void epochs.push(epoch) },
    );
    expect(epochs).toEqual([1, 2, 3]);
    expect(failure.evidence).toMatchObject({ reason: 'constant_output', epoch: 3, class: 2, logits_equal: false });
    expect(failure.message).toContain('take more epochs');
  });

  it('takes one class for an answer where the validation examples have no other', async () => {
    const chosen = { ...validation, labels: new Uint8Array(validation.count).fill(2) };
    const net = create();
    net.parameters.find(({ name }) => name === 'logits/bias')!.variable.assign(tensor([0, 0, 1000], [3]));
    const still = { ...settings, learning_rate: { ...settings.learning_rate, base: 0 } };
    const outcome = await train({ net, data, validation: chosen, settings: still, seed: 1 });
    expect(outcome.validation.correct).toBe(30);
  });

  it('fails below the minimum accuracy, with the counts', async () => {
    const failure = await failureOf({ learning_rate: { ...settings.learning_rate, base: 0 }, minimum_accuracy: 0.95 });
    expect(failure.reason).toBe('accuracy_below_minimum');
    expect(failure.evidence).toMatchObject({ examples: 30, minimum_accuracy: 0.95, epoch: 3 });
    expect(failure.message).toMatch(/^\d+ of 30 validation examples are right after epoch 3, fewer than .* 0\.95/);
  });
});
