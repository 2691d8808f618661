import { attackParameters, check, type AttackName } from '@retort/contracts';
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
    expect(approachOf({ attack: 'any', parameters }, temperature).approach).toBe(approach);
  });
});

describe('the approach of each attack, with its defaults', () => {
  const expected: Record<AttackName, string> = {
    fgsm: 'naive',
    bim: 'naive',
    'mi-fgsm': 'naive',
    pgd: 'naive',
    apgd: 'naive',
    ddn: 'naive',
    jsma: 'naive',
    'song-saliency': 'naive',
    'apgd-t': 'masking-proof',
    deepfool: 'masking-proof',
    fab: 'masking-proof',
    fmn: 'masking-proof',
    ead: 'masking-proof',
    'cw-l2': 'masking-proof',
    'cw-l0': 'masking-proof',
    'cw-linf': 'masking-proof',
    square: 'masking-proof',
    'hop-skip-jump': 'masking-proof',
    'random-noise': 'masking-proof',
    'salt-and-pepper': 'masking-proof',
    autoattack: 'masking-proof',
    'worst-case': 'masking-proof',
  };

  it.each(Object.entries(expected))('%s is %s', (attack, approach) => {
    const checked = check(attackParameters[attack as AttackName], {});
    const { value } = checked as { value: Record<string, unknown> };
    expect(approachOf({ attack, parameters: value }, 1).approach).toBe(approach);
  });

  it('follows the members of an ensemble', () => {
    const worstCase = (...members: object[]) =>
      approachOf({ attack: 'worst-case', parameters: { attacks: members } }, 20);
    const naive = { attack: 'pgd', parameters: { loss: 'cross-entropy', temperature: 1 } };
    const trained = { attack: 'pgd', parameters: { loss: 'cross-entropy', temperature: 'training' } };
    const blind = { attack: 'square', parameters: { loss: 'cross-entropy', temperature: 1 } };
    expect(worstCase(naive, naive)).toEqual({
      approach: 'naive',
      follows: 'the worst case of the cross-entropy at T=1',
    });
    expect(worstCase(naive, blind).approach).toBe('other');
    expect(worstCase(naive, trained).approach).toBe('masking-proof');
    expect(worstCase(naive, { attack: 'fab', parameters: {} }).follows).toContain('the logits');
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
