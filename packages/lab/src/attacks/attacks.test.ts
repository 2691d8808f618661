import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { presets } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { attackNamed, attacks } from './attacks.js';
import { formulaNet } from './testing/classifiers.js';
import { contextOf } from './testing/contexts.js';

beforeAll(async () => {
  await setBackend('cpu');
});

describe('an attack', () => {
  const context = contextOf(formulaNet());

  it('tells after each batch how many examples are done', async () => {
    const told: [number, number][] = [];
    await attacks.fgsm.run({ ...context, batchSize: 3, onProgress: (...progress) => told.push(progress) }, {});
    expect(told).toEqual([
      [3, 7],
      [6, 7],
      [7, 7],
    ]);
  });

  it('does not start when it is cancelled before', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(attacks.fgsm.run({ ...context, signal }, {})).rejects.toThrow('too late');
  });

  it.each([
    [{ images: new Float32Array(21) }, 'hold 140 values'],
    [{ images: context.images.map((pixel, at) => (at === 43 ? 1.5 : pixel)) }, 'pixel 3 of image 2 is 1.5'],
    [{ images: context.images.map((pixel, at) => (at === 20 ? NaN : pixel)) }, 'pixel 0 of image 1 is NaN'],
    [{ labels: [0, 1, 2, 3, 4, 0, 0] }, 'label 4 is 4'],
    [{ labels: [0, 1, 0.5, 3, 0, 0, 0] }, 'label 2 is 0.5'],
    [{ indices: [1, 2] }, 'as many indices'],
    [{ batchSize: 0 }, 'batch size'],
    [{ seed: 0.5 }, 'safe integer'],
  ])('refuses a context that does not fit, no. %#', async (part, message) => {
    await expect(attacks.pgd.run({ ...context, ...part }, {})).rejects.toThrow(message);
  });

  it('is a preset with other defaults, by its name', async () => {
    const { parameters } = presets['bim-kurakin'];
    expect(await attackNamed('bim-kurakin').run(context, {})).toEqual(await attacks.bim.run(context, parameters));
    const wider = { ...parameters, epsilon: 0.1 };
    expect(await attackNamed('bim-kurakin').run(context, { epsilon: 0.1 })).toEqual(
      await attacks.bim.run(context, wider),
    );
  });

  it('is found by its name alone', () => {
    expect(attackNamed('pgd')).toBe(attacks.pgd);
    expect(attackNamed('pgd-madry').name).toBe('pgd');
    expect(() => attackNamed('toString')).toThrow('the attacks are fgsm, pgd, jsma, song-saliency');
  });
});
