import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readAdversarialSet } from './read-adversarial-set.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

describe('readAdversarialSet', () => {
  const colours = { inputShape: [2, 3, 3], count: 3, divisor: 255, layout: 'channels-last' } as const;
  const rows = { ...colours, inputShape: [1, 3, 1], count: 2 };

  it('takes the channels wherever the spec says', async () => {
    const set = await readAdversarialSet(fixture('colours.npy'), colours);
    expect([set.count, set.indices]).toEqual([3, [0, 1, 2]]);
    // What numpy prints of test_images[2, 1, 2].
    expect([...set.images.subarray(-3)]).toEqual([0.19851303, 0.94652474, 0.09075302].map(Math.fround));
    const first = { ...colours, layout: 'channels-first' } as const;
    expect(await readAdversarialSet(fixture('colours-first.npy'), first)).toEqual(set);
    await expect(readAdversarialSet(fixture('colours-first.npy'), colours)).rejects.toThrow(
      'the adversarial images have the shape [3, 3, 2, 3], which is not [n, 2, 3, 3] as "channels-last" has it: set /parameters/layout',
    );
    await expect(readAdversarialSet(fixture('colours.npy'), first)).rejects.toThrow('is not [n, 3, 2, 3]');
  });

  it('divides bytes as the dataset does', async () => {
    const divided = async (divisor: number) =>
      (await readAdversarialSet(fixture('bytes.npy'), { ...rows, divisor })).images;
    expect(await divided(255)).toEqual(Float32Array.from([1, 2, 3, 4, 5, 6], (byte) => byte / 255));
    expect(await divided(256)).toEqual(Float32Array.from([1, 2, 3, 4, 5, 6], (byte) => byte / 256));
  });

  it('refuses what does not fit the test split', async () => {
    const read = (name: string, expected: Parameters<typeof readAdversarialSet>[1]) =>
      readAdversarialSet(fixture(name), expected);
    await expect(read('bytes.npy', { ...rows, count: 1 })).rejects.toThrow(
      'the file has an image for place 1 of the test split, which has 1: raise /dataset/test',
    );
    await expect(read('bytes.npy', colours)).rejects.toThrow('each 2 x 3 x 3 or a row of 18');
    await expect(read('two-images.npz', rows)).rejects.toThrow(
      'the file has no array adversarial or x_adv or adv or adv_images or x_adversarial, but x_train, y_train',
    );
  });
});
