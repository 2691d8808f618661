import { OutOfMemory } from '@retort/contracts';
import { describe, expect, it } from 'vitest';
import { BatchSize } from './batch-size.js';

/** Work that memory runs out in beyond a number of examples, and the batches that were done. */
function roomFor(most: number) {
  const done: [number, number][] = [];
  const work = (first: number, end: number) => {
    if (end - first > most) throw new OutOfMemory(`no room for ${end - first}`);
    done.push([first, end]);
    return Promise.resolve();
  };
  return { done, work };
}

describe('BatchSize', () => {
  it('begins a batch again at half the size where memory runs out, and stays at that', async () => {
    const told: number[] = [];
    const batch = new BatchSize(8, (size) => told.push(size));
    const { done, work } = roomFor(3);
    await batch.each(7, work);
    expect(done).toEqual([
      [0, 3],
      [3, 6],
      [6, 7],
    ]);
    // Half of the 7 examples that were tried, not of the 8 that might have been.
    expect(told).toEqual([3]);
    expect(batch.size).toBe(3);
  });

  it('gives up below one example, with what the engine said', async () => {
    const engine = new Error('Invalid TF_Status: 8\nMessage: OOM when allocating tensor');
    const ended = new BatchSize(2).each(5, () => Promise.reject(engine));
    await expect(ended).rejects.toThrow(
      new OutOfMemory(`memory ran out with one example at a time: ${engine.message}`),
    );
    await expect(ended).rejects.toMatchObject({ cause: engine });
  });

  it('hands any other error on at once', async () => {
    const other = new RangeError('NaN');
    const batch = new BatchSize(4);
    await expect(batch.each(4, () => Promise.reject(other))).rejects.toBe(other);
    expect(batch.size).toBe(4);
  });

  it('is refused where it is no whole number from 1', () => {
    for (const size of [0, 1.5, -1, NaN]) expect(() => new BatchSize(size)).toThrow('must be a whole number from 1');
  });
});
