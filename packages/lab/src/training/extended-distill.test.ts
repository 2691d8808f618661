import '@tensorflow/tfjs';
import { memory, setBackend, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createNet, type Net } from '../nets/net.js';
import { encodeWeights, loadNet } from '../weights/weights.js';
import { extendedLabels, labelDoubt } from './extended-distill.js';
import { bars, tiny } from './testing/bars.js';
import { train } from './train.js';

const data = bars(30, 1);
const net = (classes: number, rejects = false) =>
  createNet({
    architecture: tiny,
    inputShape: data.inputShape,
    classes,
    rejects,
    initialisation: { name: 'he-normal', output_scale: 'one' },
    temperature: 1,
    seed: 1,
  });

beforeAll(() => setBackend('cpu'));

describe('extendedLabels', () => {
  it('shares each label between its class and the outliers, by the teacher’s uncertainty over the largest', () => {
    const labels = labelDoubt({ labels: Uint8Array.of(1, 0), classes: 2 }, Float64Array.of(3, 4), 0.8);
    expect([...labels]).toEqual([0, 0.4, 0.6, 1 - 0.8, 0, 0.8].map(Math.fround));
  });

  it('takes for uncertainty the variance of the logits over the passes, summed over the classes', async () => {
    const answers = [
      [1, 0, 2],
      [3, 0, 2],
      [2, 6, 2],
    ];
    let pass = 0;
    const teacher = Object.assign(Object.create(net(3)) as Net, {
      // The second image is answered with half of the first's logits: a quarter of its variance.
      trainingLogits: (batch: Tensor) => {
        const answer = answers[pass++]!;
        return tensor2d([answer, answer.map((logit) => logit / 2)], [batch.shape[0], 3]);
      },
    });
    const two = { ...data, ...bars(2, 1) };
    const labels = await extendedLabels({ teacher, data: two, passes: 3, dropout: 0.5, alpha: 0.5, seed: 1 });
    // Variances 2/3, 8 and 0: the largest sum, so that α is all of the first image's outlier share.
    expect([...labels]).toEqual([0.5, 0, 0, 0.5, 0, 0.875, 0, 0.125]);
  });

  it('is the same for the same seed, a distribution for each image, and leaves no tensor behind', async () => {
    const teacher = net(3);
    const before = memory().numTensors;
    const options = { teacher, data, passes: 4, dropout: 0.5, alpha: 0.9, seed: 1 };
    const labels = await extendedLabels(options);
    expect(memory().numTensors).toBe(before);
    expect(await extendedLabels(options)).toEqual(labels);
    expect(await extendedLabels({ ...options, seed: 2 })).not.toEqual(labels);
    const doubts = Array.from({ length: 30 }, (_, row) => labels[4 * row + 3]!);
    expect(Math.max(...doubts)).toBe(Math.fround(0.9));
    expect(Math.min(...doubts)).toBeGreaterThanOrEqual(0);
    for (let row = 0; row < 30; row++) {
      expect(labels[4 * row + data.labels[row]!]! + doubts[row]!).toBeCloseTo(1, 6);
    }
  });

  it('refuses a teacher that drops nothing, one of other classes, and stops when aborted', async () => {
    const options = { teacher: net(3), data, passes: 4, dropout: 0, alpha: 0.9, seed: 1 };
    await expect(extendedLabels(options)).rejects.toThrow('equally certain of every image');
    await expect(extendedLabels({ ...options, teacher: net(4) })).rejects.toThrow(
      'knows 4 classes, but the data has 3',
    );
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(extendedLabels({ ...options, signal })).rejects.toThrow('enough');
  });
});

describe('a student with an outlier class', () => {
  it('learns the labels and counts a rejected clean image as wrong', async () => {
    const student = net(4, true);
    expect(student).toMatchObject({ classes: 4, rejection: 3 });
    const settings = {
      temperature: 1,
      epochs: 15,
      batch_size: 10,
      optimizer: { name: 'nesterov', momentum: 0.9 },
      learning_rate: { base: 0.1, rule: 'constant', decay_factor: 1, decay_every_epochs: 1 },
      dropout: 0,
      weight_decay: 0,
      minimum_accuracy: 0,
    } as const;
    const doubt = (share: number) => labelDoubt(data, new Float64Array(30).fill(1), share);
    const validation = bars(30, 2);
    const learnt = await train({ net: student, data, targets: doubt(0.2), validation, settings, seed: 1 });
    expect(learnt.validation.correct).toBe(30);
    const rejecting = net(4, true);
    const lost = train({ net: rejecting, data, targets: doubt(1), validation, settings, seed: 1 });
    await expect(lost).rejects.toThrow('the net gives class 3 to 30 of 30 validation examples');
  });

  it('comes back from its file as one that rejects', async () => {
    const options = { architecture: 'compact', inputShape: [28, 28, 1], temperature: 1, seed: 1 };
    const initialisation = { name: 'he-normal', output_scale: 'one' } as const;
    const student = createNet({ ...options, initialisation, classes: 11, rejects: true });
    expect(loadNet(await encodeWeights(student))).toMatchObject({ classes: 11, rejection: 10 });
    const plain = createNet({ ...options, initialisation, classes: 11 });
    expect(loadNet(await encodeWeights(plain)).rejection).toBeUndefined();
    const wrong = await encodeWeights({
      ...plain,
      ...student,
      classes: 11,
      inputShape: [28, 28, 1],
      architecture: 'compact',
      rejection: 3,
    });
    expect(() => loadNet(wrong)).toThrow("'rejection' is the last of the 11 classes, not 3");
  });

  it('needs targets that know the outlier class, and examples that do not', async () => {
    const student = net(4, true);
    await expect(
      train({ net: student, data: { ...data, classes: 4 }, validation: data, settings: {} as never, seed: 1 }),
    ).rejects.toThrow('knows 3 classes');
  });
});
