import '@tensorflow/tfjs';
import { OutOfMemory } from '@retort/contracts';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { BatchSize } from '../batch-size.js';
import { attackNamed } from './attacks.js';
import { formulaNet, type Analytic } from './testing/classifiers.js';
import { contextOf, run } from './testing/contexts.js';
import { settings } from './testing/settings.js';

beforeAll(async () => {
  await setBackend('cpu');
});

/** A net that memory runs out in when it is asked about more images than that at a time, from its `after`th pass on. */
function cramped(most: number, after = 0): Analytic {
  const net = formulaNet();
  let passes = 0;
  return {
    ...net,
    logits: (batch) => {
      if (passes++ >= after && batch.shape[0] > most) throw new OutOfMemory(`no room for ${batch.shape[0]} images`);
      return net.logits(batch);
    },
  };
}

describe.each(settings)('%s %j', (name, parameters) => {
  it('finds the same in smaller batches where memory runs out in the middle of one, and says so', async () => {
    const whole = await run(name, contextOf(formulaNet()), parameters);
    const tensors = memory().numTensors;
    const sizes: number[] = [];
    const batchSize = new BatchSize(7, (size) => sizes.push(size));
    const context = contextOf(formulaNet());
    const outcome = await run(name, { ...context, classifier: cramped(2, 1), batchSize }, parameters);
    expect(outcome).toEqual(whole);
    expect(batchSize.size).toBeLessThan(7);
    expect(sizes.at(-1)).toBe(batchSize.size);
    expect(memory().numTensors).toBe(tensors);
  });
});

it('ends where not even one image fits', async () => {
  const context = { ...contextOf(formulaNet()), classifier: cramped(0) };
  await expect(attackNamed('pgd').run(context, {})).rejects.toThrow(
    new OutOfMemory('memory ran out with one example at a time: no room for 1 images'),
  );
});
