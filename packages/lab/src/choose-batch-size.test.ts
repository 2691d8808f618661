import '@tensorflow/tfjs';
import { OutOfMemory } from '@retort/contracts';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { formulaImages, formulaNet } from './attacks/testing/classifiers.js';
import { chooseBatchSize } from './choose-batch-size.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const COUNT = 3000;
const images = formulaImages(COUNT, formulaNet());
const plenty = 2 ** 34;

/** A net on a clock of its own, on which a pass takes some milliseconds an image and some of itself. */
function timed({ perImage, perPass = 0 }: { perImage: (batch: number) => number; perPass?: number }) {
  const net = formulaNet();
  const tried: number[] = [];
  let time = 0;
  return {
    tried,
    now: () => time,
    classifier: {
      ...net,
      logits: ((batch) => {
        const [count] = batch.shape;
        tried.push(count);
        time += perPass + perImage(count) * count;
        return net.logits(batch);
      }) as typeof net.logits,
    },
  };
}

describe('chooseBatchSize', () => {
  it('stays at 128 where larger batches are no faster', async () => {
    const tensors = memory().numTensors;
    const net = timed({ perImage: () => 0.1 });
    expect(await chooseBatchSize({ ...net, images, count: COUNT, memory: plenty })).toBe(128);
    expect(net.tried).toEqual([4, 4, 32, 128, 512]);
    expect(memory().numTensors).toBe(tensors);
  });

  it('does not try a randomised classifier, whose answers depend on its passes', async () => {
    const net = timed({ perImage: () => 0.001, perPass: 5 });
    const classifier = { ...net.classifier, randomised: true };
    expect(await chooseBatchSize({ ...net, classifier, images, count: COUNT, memory: plenty })).toBe(128);
    expect(net.tried).toEqual([]);
  });

  it('goes on as long as a pass gets cheaper an image', async () => {
    // As on a GPU: a pass costs the same whatever its size.
    const net = timed({ perImage: () => 0.001, perPass: 5 });
    expect(await chooseBatchSize({ ...net, images, count: COUNT, memory: plenty })).toBe(2048);
  });

  it('takes a smaller one where a pass gets dearer an image', async () => {
    const net = timed({ perImage: (batch) => (batch > 32 ? 0.2 : 0.1) });
    expect(await chooseBatchSize({ ...net, images, count: COUNT, memory: plenty })).toBe(32);
  });

  it('tries nothing that takes longer than a fifth of a second, and takes 128 untried', async () => {
    const net = timed({ perImage: () => 50 });
    expect(await chooseBatchSize({ ...net, images, count: COUNT, memory: plenty })).toBe(128);
    expect(net.tried).toEqual([4, 4]);
  });

  it('takes no more than fits, nor than there are', async () => {
    const net = timed({ perImage: () => 0.001, perPass: 5 });
    const half = await chooseBatchSize({ ...net, images, count: COUNT, memory: 300_000 });
    expect(half).toBeGreaterThanOrEqual(1);
    expect(half).toBeLessThan(2048);
    expect(Math.max(...net.tried)).toBeLessThanOrEqual(half);
    expect(await chooseBatchSize({ ...net, images, count: COUNT, memory: 1 })).toBe(1);
    expect(await chooseBatchSize({ ...net, images, count: 50, memory: plenty })).toBe(50);
  });

  it('takes one at a time where memory runs out already', async () => {
    const classifier = {
      ...formulaNet(),
      logits: () => {
        throw new OutOfMemory('no room');
      },
    };
    expect(await chooseBatchSize({ classifier, images, count: COUNT, memory: plenty })).toBe(1);
  });
});
