import { describe, expect, it } from 'vitest';
import { check } from '../check.js';
import { attackParameters, presetNames, presetParameters, presets, resolvePreset } from './index.js';

function filled(schema: Parameters<typeof check>[0], parameters: object): Record<string, unknown> {
  const checked = check(schema, parameters);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.value as Record<string, unknown>;
}

describe('a preset', () => {
  it.each(presetNames)('%s is its attack with parameters that the attack takes', (name) => {
    const { attack, parameters, source } = presets[name];
    expect(source).toBeTruthy();
    expect(attackParameters).not.toHaveProperty(name);
    const written = filled(attackParameters[attack], parameters);
    expect(filled(presetParameters(name), {})).toEqual(written);
    expect(resolvePreset({ attack: name, parameters: {} })).toEqual({ attack, parameters });
  });

  it('gives way to a parameter that is given', () => {
    expect(filled(presetParameters('pgd-madry'), { epsilon: 0.1 })).toMatchObject({ epsilon: 0.1, steps: 40 });
    const chosen = { attack: 'pgd-madry', parameters: { epsilon: 0.1 } };
    expect(resolvePreset(chosen)).toMatchObject({ attack: 'pgd', parameters: { epsilon: 0.1, steps: 40 } });
  });

  it('refuses what its attack refuses', () => {
    expect(check(presetParameters('cw-l2-paper'), { epsilon: 1, steps: 0 })).toMatchObject({
      ok: false,
      problems: [{ pointer: '/epsilon' }, { pointer: '/steps' }],
    });
  });

  it('may be a member of an ensemble, where it is resolved too', () => {
    const parameters = filled(attackParameters['worst-case'], { attacks: [{ attack: 'jsma-z' }, { attack: 'fgsm' }] });
    const { attack, parameters: resolved } = resolvePreset({ attack: 'worst-case', parameters });
    expect(attack).toBe('worst-case');
    expect(resolved.attacks).toMatchObject([
      { attack: 'jsma', parameters: { saliency: 'logits', maximum_features: 784, theta: 1 } },
      { attack: 'fgsm', parameters: { epsilon: 0.3 } },
    ]);
  });

  it('has the numbers of the papers', () => {
    expect(presets['cw-l2-paper'].parameters).toMatchObject({ steps: 10000, binary_search_steps: 9, slack: 1e-6 });
    expect(presets['pgd-madry-cifar10'].parameters.epsilon).toBeCloseTo(0.0313725, 7);
    expect(presets['mi-fgsm-dong'].parameters).toMatchObject({ steps: 10, decay: 1 });
  });
});
