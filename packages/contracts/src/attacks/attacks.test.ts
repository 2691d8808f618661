import { describe, expect, it } from 'vitest';
import { check } from '../check.js';
import { attackParameters, resolveTemperature, type AttackName } from './index.js';

const names = Object.keys(attackParameters) as AttackName[];

function problems(name: AttackName, parameters: unknown): string[] {
  const checked = check(attackParameters[name], parameters);
  return checked.ok ? [] : checked.problems.map(({ pointer }) => pointer);
}

describe('attackParameters', () => {
  it.each(names)('%s gives every field a default and a description, and needs none', (name) => {
    const { properties } = attackParameters[name];
    expect(attackParameters[name]).toMatchObject({ description: expect.stringMatching(/an example|a step/) as string });
    for (const field of Object.values(properties) as { description?: string; default?: unknown }[]) {
      expect(field.description).toBeTruthy();
      expect(field.default).toBeDefined();
    }
    const checked = check(attackParameters[name], {});
    expect(checked).toMatchObject({ ok: true });
    expect(Object.keys((checked as { value: object }).value)).toEqual(Object.keys(properties));
  });

  it('has the defaults of the papers', () => {
    expect(check(attackParameters.jsma, {})).toMatchObject({
      value: { maximum_features: 112, theta: 1, direction: 'increase', search: 'pairs', saliency: 'softmax' },
    });
    expect(check(attackParameters['song-saliency'], {})).toMatchObject({
      value: { score: 'gradient-float32', maximum_pixels: 99, loss: 'cross-entropy', temperature: 1 },
    });
    expect(check(attackParameters.fgsm, {})).toMatchObject({ value: { epsilon: 0.3 } });
    expect(check(attackParameters['mi-fgsm'], {})).toMatchObject({ value: { steps: 10, decay: 1 } });
    expect(check(attackParameters.apgd, {})).toMatchObject({ value: { steps: 100, restarts: 1 } });
    expect(check(attackParameters['apgd-t'], {})).toMatchObject({ value: { steps: 100, targets: 9 } });
    expect(check(attackParameters.square, {})).toMatchObject({
      value: { queries: 5000, initial_share: 0.8, loss: 'margin' },
    });
  });

  it.each([
    ['fgsm', { epsilon: -0.1 }, '/epsilon'],
    ['fgsm', { epsilon: 1.1 }, '/epsilon'],
    ['fgsm', { epsilon: NaN }, '/epsilon'],
    ['fgsm', { loss: 'crossentropy' }, '/loss'],
    ['fgsm', { steps: 10 }, '/steps'],
    ['pgd', { temperature: 0 }, '/temperature'],
    ['pgd', { temperature: 'deployed' }, '/temperature'],
    ['pgd', { norm: 'l3' }, '/norm'],
    ['pgd', { steps: 1.5 }, '/steps'],
    ['pgd', { step_size: 0 }, '/step_size'],
    ['pgd', { restarts: 0 }, '/restarts'],
    ['jsma', { theta: 0 }, '/theta'],
    ['jsma', { target_offset: 0 }, '/target_offset'],
    ['jsma', { maximum_features: -2 }, '/maximum_features'],
    ['song-saliency', { score: 'gradient' }, '/score'],
    ['song-saliency', { maximum_pixels: Infinity }, '/maximum_pixels'],
  ] as const)('%s refuses %j', (name, parameters, pointer) => {
    expect(problems(name, parameters)).toEqual([pointer]);
  });

  it('allows an epsilon of 0, no pixels, and the training temperature', () => {
    expect(problems('fgsm', { epsilon: 0, temperature: 'training' })).toEqual([]);
    expect(problems('pgd', { epsilon: 0, temperature: 0.05 })).toEqual([]);
    expect(problems('jsma', { maximum_features: 0 })).toEqual([]);
  });
});

describe('resolveTemperature', () => {
  it('replaces `training`, and nothing else', () => {
    expect(resolveTemperature({ temperature: 'training', epsilon: 0.1 }, 20)).toEqual({
      temperature: 20,
      epsilon: 0.1,
    });
    expect(resolveTemperature({ temperature: 5 }, 20)).toEqual({ temperature: 5 });
    expect(resolveTemperature({ epsilon: 0.1 }, 20)).toEqual({ epsilon: 0.1 });
  });
});
