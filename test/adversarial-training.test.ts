import { beforeAll, expect, it } from 'vitest';
import type { Defence, TrainingSettings } from '@retort/contracts';
import { loadDataset, type Dataset } from '@retort/datasets';
import { startEngine } from '@retort/engine';
import { attackNamed, createNet, predictLabels, train, type Net } from '@retort/lab';

const settings: TrainingSettings = {
  temperature: 1,
  epochs: 2,
  batch_size: 64,
  optimizer: { name: 'nesterov', momentum: 0.9 },
  learning_rate: { base: 0.1, rule: 'constant', decay_factor: 1, decay_every_epochs: 1 },
  dropout: 0,
  weight_decay: 0,
  minimum_accuracy: 0.85,
};

let dataset: Dataset;
beforeAll(async () => {
  await startEngine({ force: 'wasm' });
  dataset = await loadDataset({
    name: 'mnist',
    train: 4000,
    validation: 500,
    test: 100,
    split_seed: 0,
    pixel_divisor: 255,
  });
});

async function trained(defence?: Defence): Promise<Net> {
  const { train: data, validation } = dataset;
  const net = createNet({
    architecture: 'compact',
    inputShape: data.inputShape,
    classes: data.classes,
    initialisation: { name: 'glorot-uniform', output_scale: 'one' },
    temperature: 1,
    seed: 0,
  });
  await train({ net, data, validation, settings: { ...settings, defence }, seed: 0 });
  return net;
}

/** How many of the test images keep their right class under lab's own PGD with the margin loss at 0.1. */
async function robust(net: Net): Promise<number> {
  const { images, labels, count } = dataset.test;
  const right = (await predictLabels(net, images, count)).map((label, at) => Number(label === labels[at]));
  const parameters = { epsilon: 0.1, step_size: 0.025, steps: 10, loss: 'margin' } as const;
  const { success } = await attackNamed('pgd').run({ classifier: net, images, labels, seed: 0 }, parameters);
  return success.filter((fooled, at) => right[at] === 1 && !fooled).length;
}

it('makes a net on real MNIST more robust than plain training does', async () => {
  const plain = await robust(await trained());
  const pgd = await robust(
    await trained({ name: 'pgd', norm: 'linf', epsilon: 0.1, steps: 2, random_start: true, ramp_epochs: 1 }),
  );
  expect(pgd).toBeGreaterThan(plain + 12);
});
