import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import type { AttackContext } from './attack.js';
import { attackNamed } from './attacks.js';
import { formulaImages, formulaNet, labelsOf } from './testing/classifiers.js';

const net = formulaNet();
const images = formulaImages(9, net);
const context: AttackContext = { classifier: net, images, labels: labelsOf(net, images), seed: 5 };
const pgd = { epsilon: 0.2, step_size: 0.02, steps: 12, loss: 'margin' };

/** By how much the largest wrong logit leads the label's in each image, in double precision. */
function leads(adversarial: Float32Array): number[] {
  return rows(adversarial, 20).map((image, at) => {
    const logits = net.logits64([...image]);
    const label = context.labels[at]!;
    return Math.max(...logits.filter((_, index) => index !== label)) - logits[label]!;
  });
}

beforeAll(() => setBackend('cpu'));

describe('the confidence of an attack', () => {
  it('is 0 where it is not asked for', async () => {
    const attack = attackNamed('pgd');
    expect(await attack.run({ ...context, confidence: 0 }, pgd)).toEqual(await attack.run(context, pgd));
  });

  it('lets an attack go on until a wrong logit leads by as much', async () => {
    const plain = await attackNamed('pgd').run(context, pgd);
    const sure = await attackNamed('pgd').run({ ...context, confidence: 0.5 }, pgd);
    const stoppedEarly = sure.gradients.map((gradients, at) => gradients < 12 && sure.success[at]);
    expect(stoppedEarly).toContain(true);
    leads(sure.adversarial).forEach((lead, at) => stoppedEarly[at] && expect(lead).toBeGreaterThan(0.5 - 1e-5));
    expect(leads(plain.adversarial).some((lead) => lead > 0 && lead < 0.5)).toBe(true);
    sure.gradients.forEach((gradients, at) => expect(gradients).toBeGreaterThanOrEqual(plain.gradients[at]!));
  });

  it.each(['pgd', 'apgd'])(
    'lets %s take every step where it is infinite, and still counts plain successes',
    async (name) => {
      const parameters = name === 'pgd' ? pgd : { epsilon: 0.2, steps: 12, loss: 'margin' };
      const { gradients, success, adversarial } = await attackNamed(name).run(
        { ...context, confidence: Infinity },
        parameters,
      );
      expect(gradients).toEqual(gradients.map(() => 12));
      expect(success).toEqual(leads(adversarial).map((lead) => lead > 0));
      expect(success).toContain(true);
    },
  );

  it('holds for a target: the target must lead every other class', async () => {
    const targeted = { ...pgd, epsilon: 0.5, step_size: 0.05, target_offset: 1 };
    const { success, gradients, adversarial } = await attackNamed('pgd').run({ ...context, confidence: 0.3 }, targeted);
    const early = gradients.map((spent, at) => spent < 12 && success[at]!);
    expect(early).toContain(true);
    rows(adversarial, 20).forEach((image, at) => {
      if (!early[at]) return;
      const target = (context.labels[at]! + 1) % 4;
      const logits = net.logits64([...image]);
      expect(logits[target]! - Math.max(...logits.filter((_, index) => index !== target))).toBeGreaterThan(0.3 - 1e-5);
    });
  });

  it('refuses less than 0', async () => {
    await expect(attackNamed('pgd').run({ ...context, confidence: -1 }, pgd)).rejects.toThrow(/confidence.*not -1/);
  });
});
