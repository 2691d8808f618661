import '@tensorflow/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { attackParameters, type AttackName } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../gradients/rows.js';
import { distanceBetween } from '../metrics/distance.js';
import { size } from '../nets/plan.js';
import type { AttackContext } from './attack.js';
import { attacks } from './attacks.js';
import { mergeOutcomes } from './merge.js';
import { formulaImages, formulaNet, type Analytic } from './testing/classifiers.js';
import { contextOf, nets, run, shardOf } from './testing/contexts.js';
import { refusedValues, settings, type Parameters } from './testing/settings.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const names = Object.keys(attacks) as AttackName[];

/** How far behind the label the class lies that an attack is after; 0 where any other will do. */
function offsetOf(name: AttackName, { target_offset }: Parameters): number {
  return Number(target_offset ?? (name === 'jsma' ? 1 : 0));
}

/** A net that counts the images that it is asked about. */
function counting(net: Analytic): { net: Analytic; asked: () => number } {
  let asked = 0;
  return { net: { ...net, logits: (batch) => ((asked += batch.shape[0]), net.logits(batch)) }, asked: () => asked };
}

describe.each(settings)('%s %j', (name, parameters) => {
  describe.each(nets)('on %s', (_, net) => {
    it('stays in the box and within its bounds, and reports what the saved pixels do', async () => {
      const context = contextOf(net);
      const given = context.images.slice();
      const before = memory().numTensors;
      const outcome = await run(name, context, parameters);
      expect(memory().numTensors).toBe(before);
      expect(context.images).toEqual(given);
      expect(outcome.adversarial.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);

      const pixels = size(net.inputShape);
      const offset = offsetOf(name, parameters);
      rows(outcome.adversarial, pixels).forEach((image, at) => {
        const distance = distanceBetween(rows(given, pixels)[at]!, image, 1);
        const epsilon = Number(parameters.epsilon ?? Infinity);
        expect(parameters.norm === 'l2' ? distance.l2 : distance.linf).toBeLessThanOrEqual(epsilon + 1e-6);
        const budget = Number(parameters.maximum_features ?? parameters.maximum_pixels ?? Infinity);
        expect(distance.l0).toBeLessThanOrEqual(budget);

        // On the boundary itself float32 may find another of two equal logits the largest.
        const logits = net.logits64(Array.from(image));
        const predicted = outcome.predicted[at]!;
        const rounding = 1e-6 * Math.max(1, ...logits.map(Math.abs));
        expect(logits[predicted]).toBeGreaterThan(Math.max(...logits) - rounding);
        const label = context.labels[at]!;
        expect(outcome.success[at]).toBe(
          offset === 0 ? predicted !== label : predicted === (label + offset) % net.classes,
        );
      });
    });
  });

  describe.each(nets.slice(1, 4))('on %s', (_, net) => {
    it('gives the same again, and however the examples are cut into batches and shards', async () => {
      const context = contextOf(net);
      const whole = await run(name, context, parameters);
      expect(await run(name, { ...context, batchSize: 1 }, parameters)).toEqual(whole);
      expect(await run(name, { ...context, batchSize: 3 }, parameters)).toEqual(whole);
      for (const bounds of [
        [0, 1, 2, 3, 4, 5, 6, 7],
        [0, 3, 6, 7],
        [0, 7],
      ]) {
        const shards = bounds.slice(1).map((to, at) => shardOf(context, bounds[at]!, to));
        expect(mergeOutcomes(await Promise.all(shards.map((shard) => run(name, shard, parameters))))).toEqual(whole);
      }
    });
  });

  it.each([0, 0.5, 1])('copes with images that are %d everywhere', async (pixel) => {
    const outcome = await run(name, contextOf(formulaNet(), new Float32Array(40).fill(pixel)), parameters);
    expect(outcome.adversarial.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(outcome.success).toHaveLength(2);
  });

  it('asks for no more than it counts, so that a finished example has left the batch', async () => {
    const { net, asked } = counting(formulaNet());
    const outcome = await run(name, contextOf(net), parameters);
    const counted = [...outcome.gradients, ...outcome.forwards].reduce((sum, passes) => sum + passes, 0);
    // The last pass, which judges the images, is not the attack's.
    expect(asked()).toBe(counted + outcome.success.length);
  });

  it('succeeds on what has the class already that it is after', async () => {
    const context = contextOf(formulaNet());
    const behind = offsetOf(name, parameters) || 3;
    const labels = Array.from(context.labels, (label) => (label + 4 - behind) % 4);
    expect((await run(name, { ...context, labels }, parameters)).success).not.toContain(false);
  });

  it('says so where the net is constant and nothing can lead it', async () => {
    const net = formulaNet({ scale: 0 });
    const context: AttackContext = { ...contextOf(net, formulaImages(2, net)), labels: [0, 0] };
    const { success, noGradient, gradients } = await run(name, context, parameters);
    expect(success).toEqual([false, false]);
    const led = parameters.score === 'finite-difference' || Math.max(...gradients) > 0;
    expect(noGradient).toEqual([led, led]);
  });

  it('stops before the next pass when it is cancelled during one, and leaves no tensor behind', async () => {
    const net = formulaNet();
    const before = memory().numTensors;
    for (const pass of [1, 3]) {
      const controller = new AbortController();
      let passes = 0;
      const logits: Analytic['logits'] = (batch) => {
        if (++passes === pass) controller.abort(new Error('cancelled by a person'));
        return net.logits(batch);
      };
      const context = { ...contextOf({ ...net, logits }), batchSize: 2, signal: controller.signal };
      await expect(run(name, context, parameters)).rejects.toThrow('cancelled by a person');
      expect(passes).toBe(pass);
    }
    expect(memory().numTensors).toBe(before);
  });
});

describe.each(names)('%s', (name) => {
  const { properties } = attackParameters[name];
  const context = contextOf(formulaNet());

  it('refuses each parameter out of its range, and names it', async () => {
    for (const [field, values] of refusedValues(name)) {
      for (const value of values) {
        await expect(run(name, context, { [field]: value })).rejects.toThrow(`/${field}`);
      }
    }
    await expect(run(name, context, { stepz: 1 })).rejects.toThrow('"stepz" is not a field');
    if ('temperature' in properties) {
      await expect(run(name, context, { temperature: 'training' })).rejects.toThrow('resolve `training` before');
    }
    if ('target_offset' in properties) {
      await expect(run(name, context, { target_offset: 4 })).rejects.toThrow('makes every label its own target');
    }
  });

  it('attacks no examples without complaint', async () => {
    const outcome = await run(name, { ...context, images: new Float32Array(0), labels: [] }, {});
    expect(outcome).toMatchObject({
      adversarial: new Float32Array(0),
      predicted: [],
      confidence: [],
      success: [],
      noGradient: [],
      gradients: [],
      forwards: [],
    });
  });
});
