import '@tensorflow/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import { attackMetrics } from '../metrics/attack-metrics.js';
import { distanceBetween } from '../metrics/distance.js';
import { worstCase } from '../metrics/worst-case.js';
import type { AttackContext, AttackOutcome } from './attack.js';
import { attackNamed, attacks } from './attacks.js';
import { autoattack } from './autoattack.js';
import { mergeOutcomes } from './merge.js';
import { formulaImages, formulaNet, labelsOf, linearImages, linearLabels, linearModel } from './testing/classifiers.js';
import { worstCaseAttack } from './worst-case.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const net = formulaNet();
const images = formulaImages(12, net);
const curved: AttackContext = { classifier: net, images, labels: labelsOf(net, images), seed: 5 };
const linear: AttackContext = { classifier: linearModel(), images: linearImages, labels: linearLabels, seed: 1 };

/** Each fools some of the examples only. */
const choices = [
  { attack: 'random-noise', parameters: { epsilon: 0.05, tries: 6 } },
  { attack: 'pgd', parameters: { epsilon: 0.04, steps: 4, step_size: 0.02 } },
  { attack: 'jsma', parameters: { maximum_features: 4 } },
  { attack: 'pgd', parameters: { epsilon: 0.12, steps: 2, norm: 'l2', step_size: 0.1 } },
];
const names = ['random-noise', 'pgd', 'jsma', 'pgd 2'];

const alone = (context = curved) =>
  Promise.all(choices.map(({ attack, parameters }) => attackNamed(attack).run(context, parameters)));
const fooledBy = ({ predicted }: AttackOutcome) => predicted.map((label, at) => label !== curved.labels[at]);
const distances = ({ adversarial }: AttackOutcome, norm: 'l0' | 'l2' | 'linf', from = images) =>
  rows(adversarial, 20).map((image, at) => distanceBetween(rows(from, 20)[at]!, image, 1)[norm]);

describe('the worst case of several attacks', () => {
  it.each(['first', 'l0', 'l2', 'linf'] as const)('fools what any of them fools alone: keep %s', async (keep) => {
    const expected = worstCase((await alone()).map(fooledBy));
    expect(new Set(expected)).toEqual(new Set([true, false]));
    const { success, by } = await worstCaseAttack.run(curved, { attacks: choices, keep });
    expect(success).toEqual(expected);
    expect(by!.map((name) => name !== null)).toEqual(expected);
  });

  it('keeps the image of the first that fools, and spends nothing on it afterwards', async () => {
    const members = await alone();
    const outcome = await worstCaseAttack.run(curved, { attacks: choices });
    const rounds = members.map(fooledBy);
    outcome.by!.forEach((name, at) => {
      const first = rounds.findIndex((fooled) => fooled[at]);
      expect(name).toBe(first < 0 ? null : names[first]);
      const expected = first < 0 ? images : members[first]!.adversarial;
      expect(rows(outcome.adversarial, 20)[at]).toEqual(rows(expected, 20)[at]);
      const ran = members.slice(0, first < 0 ? undefined : first + 1);
      const spent = (of: 'gradients' | 'forwards') => ran.reduce((sum, member) => sum + member[of][at]!, 0);
      expect(outcome.gradients[at]).toBe(spent('gradients'));
      expect(outcome.forwards[at]).toBe(spent('forwards') + ran.length);
    });
    expect(new Set(outcome.by).size).toBeGreaterThan(2);
  });

  it.each(['l0', 'l2', 'linf'] as const)('keeps the nearest image of all in %s', async (norm) => {
    const members = await alone();
    const outcome = await worstCaseAttack.run(curved, { attacks: choices, keep: norm });
    const found = members.map((member) =>
      distances(member, norm).map((distance, at) => (fooledBy(member)[at] ? distance : Infinity)),
    );
    distances(outcome, norm).forEach((distance, at) => {
      if (!outcome.success[at]) return;
      expect(distance).toBe(Math.min(...found.map((list) => list[at]!)));
      expect(found[names.indexOf(outcome.by![at]!)]![at]).toBe(distance);
    });
    expect(outcome.gradients).toEqual(
      members[0]!.gradients.map(
        (_, at) => members[1]!.gradients[at]! + members[2]!.gradients[at]! + members[3]!.gradients[at]!,
      ),
    );
  });

  it('counts a minimum-norm image only where it lies within the bound, and leaves the others as they were', async () => {
    const least = await attacks.fmn.run(curved, { norm: 'linf', steps: 20 });
    const sorted = distances(least, 'linf').sort((a, b) => a - b);
    const epsilon = (sorted[5]! + sorted[6]!) / 2;
    const outcome = await worstCaseAttack.run(curved, {
      attacks: [{ attack: 'fmn', parameters: { norm: 'linf', steps: 20 } }],
      norm: 'linf',
      epsilon,
    });
    expect(outcome.success).toEqual(distances(least, 'linf').map((distance) => distance <= epsilon));
    expect(outcome.success.filter(Boolean)).toHaveLength(6);
    expect(Math.max(...distances(outcome, 'linf'))).toBeLessThanOrEqual(epsilon);
    rows(outcome.adversarial, 20).forEach((image, at) => {
      if (!outcome.success[at]) expect(image).toEqual(rows(images, 20)[at]);
    });
  });

  it('counts for each member what it was given and what it fooled', async () => {
    const { members, by } = await worstCaseAttack.run(curved, { attacks: choices });
    let left = 12;
    members!.forEach(({ name, attacked, fooled }, at) => {
      expect(name).toBe(names[at]);
      expect(attacked).toBe(left);
      expect(fooled).toBe(by!.filter((member) => member === name).length);
      left -= fooled;
    });
    const nearest = await worstCaseAttack.run(curved, { attacks: choices, keep: 'l2' });
    const counted = (await alone()).map((member) => fooledBy(member).filter(Boolean).length);
    expect(nearest.members!.map(({ fooled }) => fooled)).toEqual(counted);
    expect(nearest.members!.map(({ attacked }) => attacked)).toEqual([12, 12, 12, 12]);
  });

  it('becomes metrics with a rate a member', async () => {
    const outcome = await worstCaseAttack.run(curved, { attacks: choices });
    const { labels } = curved;
    const attacked = { classifier: net, originals: images, labels, clean: labels, outcome };
    const { members, success } = attackMetrics(attacked);
    expect(members!.map(({ name }) => name)).toEqual(names);
    expect(members!.map(({ success: { of } }) => of)).toEqual(outcome.members!.map(({ attacked }) => attacked));
    expect(members!.reduce((sum, { kept }) => sum + kept, 0)).toBe(success.count);
  });

  it.each(['first', 'linf'] as const)('gives the same, however cut into batches and shards: keep %s', async (keep) => {
    const parameters = { attacks: choices, keep };
    const whole = await worstCaseAttack.run(curved, parameters);
    expect(await worstCaseAttack.run({ ...curved, batchSize: 5 }, parameters)).toEqual(whole);
    const shard = (from: number, to: number) =>
      worstCaseAttack.run(
        {
          ...curved,
          images: images.slice(from * 20, to * 20),
          labels: Array.from(curved.labels).slice(from, to),
          indices: Array.from({ length: to - from }, (_, at) => from + at),
        },
        parameters,
      );
    expect(mergeOutcomes([await shard(0, 5), await shard(5, 12)])).toEqual(whole);
  });

  it('has no gradient only where no member had one', async () => {
    const masked = formulaNet({ scale: 1e6 });
    const context = { ...curved, classifier: masked };
    const blind = { attack: 'fgsm', parameters: { epsilon: 0.001 } };
    const seeing = { attack: 'fgsm', parameters: { epsilon: 0.001, loss: 'margin' } };
    expect((await worstCaseAttack.run(context, { attacks: [blind] })).noGradient).not.toContain(false);
    expect((await worstCaseAttack.run(context, { attacks: [blind, seeing] })).noGradient).not.toContain(true);
  });

  it('tells how far it is, from the first member to the last example', async () => {
    const told: number[] = [];
    const onProgress = (done: number, of: number) => {
      expect(of).toBe(12);
      told.push(done);
    };
    await worstCaseAttack.run({ ...curved, batchSize: 4, onProgress }, { attacks: choices });
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told[0]).toBe(1);
    expect(told.at(-1)).toBe(12);
  });

  it('stops when it is cancelled within a member', async () => {
    const controller = new AbortController();
    const attacks = [{ attack: 'pgd', parameters: { epsilon: 0, steps: 100000 } }];
    const running = worstCaseAttack.run({ ...curved, signal: controller.signal }, { attacks });
    setImmediate(() => controller.abort(new Error('cancelled by a person')));
    await expect(running).rejects.toThrow('cancelled by a person');
  });

  it.each([
    [{ attacks: [] }, '/attacks has 0 items'],
    [{ attacks: [{ attack: 'pgdd', parameters: {} }] }, 'did you mean "pgd"'],
    [{ attacks: [{ attack: 'pgd', parameters: { epsilon: -1 } }] }, '/attacks/0/parameters/epsilon is -1'],
    [{ attacks: [{ attack: 'worst-case', parameters: {} }] }, '/attacks/0/attack "worst-case" is not known here'],
    [{ attacks: [{ attack: 'autoattack', parameters: {} }] }, '/attacks/0/attack "autoattack" is not known here'],
  ])('refuses %j', async (parameters, message) => {
    await expect(worstCaseAttack.run(curved, parameters)).rejects.toThrow(message);
  });
});

describe('AutoAttack', () => {
  // The smallest Linf and L2 sizes that change the label of each image of the linear model.
  it.each([
    ['linf', [0.06410256, 0.16829268]],
    ['l2', [0.12007303, 0.31709478]],
  ] as const)('fools the linear model from the smallest %s on, and never below', async (norm, least) => {
    for (const [at, just] of least.entries()) {
      const quick = { norm, queries: 60, steps: 20 };
      const below = await autoattack.run(linear, { ...quick, epsilon: just * 0.999 });
      expect(below.success[at]).toBe(false);
      const above = await autoattack.run(linear, { ...quick, epsilon: just * 1.001 });
      expect(above.success[at]).toBe(true);
    }
  });

  it('is the worst case of its four members written out', async () => {
    const [norm, epsilon, steps] = ['linf', 0.02, 3] as const;
    const outcome = await autoattack.run(curved, { norm, epsilon, steps, targets: 2, queries: 5 });
    const written = await worstCaseAttack.run(curved, {
      attacks: [
        { attack: 'apgd', parameters: { norm, epsilon, steps } },
        { attack: 'apgd-t', parameters: { norm, epsilon, steps, targets: 2 } },
        { attack: 'fab', parameters: { norm, steps, boundaries: 'each', candidates: 2 } },
        { attack: 'square', parameters: { norm, epsilon, queries: 5, stretched: false } },
      ],
      norm,
      epsilon,
    });
    expect(outcome.adversarial).toEqual(written.adversarial);
    expect(outcome.gradients).toEqual(written.gradients);
    expect(outcome.members!.map(({ name }) => name)).toEqual(['apgd-ce', 'apgd-t', 'fab-t', 'square']);
    expect(outcome.members!.map(({ fooled }) => fooled)).toEqual(written.members!.map(({ fooled }) => fooled));
  });

  it('gets past a gradient that is hidden from the cross-entropy', async () => {
    const masked = formulaNet({ scale: 1e6 });
    const context = { ...curved, classifier: masked };
    const parameters = { epsilon: 0.1, steps: 10, queries: 50 };
    const { by, success } = await autoattack.run(context, parameters);
    expect(success).toEqual((await autoattack.run(curved, parameters)).success);
    expect(success.filter(Boolean).length).toBeGreaterThan(6);
    expect(by).toContain('apgd-t');
  });
});
