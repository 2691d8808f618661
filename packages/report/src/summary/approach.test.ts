import { describe, expect, it } from 'vitest';
import { approachOf, sameBudget } from './approach.js';

describe('approachOf', () => {
  it.each([
    [{ loss: 'cross-entropy', temperature: 1 }, 1, 'naive'],
    [{ loss: 'cross-entropy', temperature: 0.05 }, 1, 'naive'],
    [{ loss: 'cross-entropy', temperature: 20 }, 1, 'masking-proof'],
    [{ loss: 'margin', temperature: 1 }, 1, 'masking-proof'],
    [{ loss: 'dlr', temperature: 1 }, 1, 'masking-proof'],
    [{ loss: 'cross-entropy', temperature: 'training' }, 20, 'masking-proof'],
    [{ loss: 'cross-entropy', temperature: 'training' }, 1, 'naive'],
    [{ loss: 'cross-entropy', temperature: 'training' }, null, 'other'],
    [{ score: 'gradient-float32', loss: 'cross-entropy', temperature: 1 }, 1, 'naive'],
    [{ score: 'gradient-float32', loss: 'margin', temperature: 1 }, 1, 'masking-proof'],
    [{ score: 'gradient-exact', loss: 'cross-entropy', temperature: 1 }, 1, 'masking-proof'],
    [{ score: 'finite-difference', loss: 'cross-entropy', temperature: 1 }, 1, 'other'],
    [{ score: 'finite-difference', loss: 'cross-entropy', temperature: 20 }, 1, 'masking-proof'],
    [{ saliency: 'softmax', temperature: 1 }, 1, 'naive'],
    [{ saliency: 'softmax', temperature: 20 }, 1, 'masking-proof'],
    [{ saliency: 'logits', temperature: 1 }, 1, 'masking-proof'],
    [{ loss: 'never heard of', temperature: 20 }, 1, 'other'],
    [{}, 1, 'other'],
  ])('%j at training temperature %j is %s', (parameters, temperature, approach) => {
    expect(approachOf(parameters, temperature).approach).toBe(approach);
  });
});

describe('sameBudget', () => {
  const fgsm = (parameters: object) => ({ attack: 'fgsm', parameters: { epsilon: 0.3, ...parameters } });

  it('looks past what the attack follows, whatever the order of its parameters', () => {
    const reordered = { attack: 'fgsm', parameters: { loss: 'margin', temperature: 2, epsilon: 0.3 } };
    expect(sameBudget(fgsm({ loss: 'cross-entropy', temperature: 1 }), reordered)).toBe(true);
  });

  it('tells budgets and algorithms apart', () => {
    expect(sameBudget(fgsm({}), fgsm({ epsilon: 0.2 }))).toBe(false);
    expect(sameBudget(fgsm({}), { attack: 'pgd', parameters: { epsilon: 0.3 } })).toBe(false);
  });
});
