import '@tensorflow/tfjs';
import { setBackend, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { Classifier } from '../classifier.js';
import { createNet, type Net } from '../nets/net.js';
import { softLabels } from './distill.js';
import { bars, tiny } from './testing/bars.js';

const data = bars(7, 1);
let teacher: Net;

beforeAll(async () => {
  await setBackend('cpu');
  teacher = createNet({
    architecture: tiny,
    inputShape: data.inputShape,
    classes: data.classes,
    initialisation: { name: 'he-normal', output_scale: 'temperature' },
    temperature: 20,
    seed: 1,
  });
});

it('gives softmax(logits / T) for every example, whatever the batch', async () => {
  const logits = teacher.logits(tensor(data.images, [7, ...data.inputShape])).arraySync();
  for (const temperature of [1, 20]) {
    const soft = await softLabels({ teacher, data, temperature, batchSize: 3 });
    expect(soft).toHaveLength(21);
    for (const [row, own] of logits.entries()) {
      const sum = own.reduce((total, logit) => total + Math.exp(logit / temperature), 0);
      const given = [...soft.subarray(3 * row, 3 * row + 3)];
      for (const [at, logit] of own.entries()) expect(given[at]).toBeCloseTo(Math.exp(logit / temperature) / sum, 5);
      expect(given.reduce((total, probability) => total + probability, 0)).toBeCloseTo(1, 6);
    }
  }
});

it('asks the teacher as it is in use, never as it trains', async () => {
  const asked: Classifier = {
    inputShape: data.inputShape,
    classes: data.classes,
    logits: (batch) => teacher.logits(batch),
  };
  const training: Net = {
    ...teacher,
    inputShape: data.inputShape,
    classes: data.classes,
    logits: (batch) => teacher.logits(batch),
    trainingLogits: () => {
      throw new Error('soft labels come from a teacher that drops nothing');
    },
  };
  expect(await softLabels({ teacher: training, data, temperature: 20 })).toEqual(
    await softLabels({ teacher: asked, data, temperature: 20 }),
  );
});

it('refuses a temperature that is none, and a teacher of other classes', async () => {
  await expect(softLabels({ teacher, data, temperature: 0 })).rejects.toThrow('above 0, not 0');
  await expect(softLabels({ teacher, data: { ...data, classes: 4 }, temperature: 1 })).rejects.toThrow(
    'the teacher knows 3 classes, but the data has 4',
  );
});
