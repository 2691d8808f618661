import { expect, it } from 'vitest';
import { clip } from './clip.js';

it('takes a value to the nearer end of a range that it is not in, and leaves one that is', () => {
  const ends = [-Infinity, -1, -0.1, 0, 0.3, 1, Infinity];
  for (const low of ends) {
    for (const high of ends.filter((end) => end >= low)) {
      for (const value of [...ends, 0.2, -0.2, Number.EPSILON, -Number.EPSILON]) {
        expect(clip(value, low, high)).toBe(Math.min(Math.max(value, low), high));
      }
    }
  }
});

it('leaves what is no number', () => {
  expect(clip(NaN, 0, 1)).toBeNaN();
});
