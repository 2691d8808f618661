import { describe, expect, it } from 'vitest';
import { readIdx } from './idx.js';

describe('readIdx', () => {
  it('reads the shape big-endian and the values after it', () => {
    const bytes = Uint8Array.from([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9]);
    expect(readIdx(bytes, 'x')).toEqual({ shape: [1, 2], values: Uint8Array.from([7, 9]) });
  });

  it.each([
    ['nothing', [], 'not an idx file'],
    ['another magic number', [1, 2, 3, 4], 'not an idx file'],
    ['floats', [0, 0, 0x0d, 1, 0, 0, 0, 0], 'type 0xd'],
    ['half a header', [0, 0, 8, 2, 0, 0], 'within its header'],
    ['too few values', [0, 0, 8, 1, 0, 0, 0, 3, 1], 'needs 3 values and has 1'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readIdx(Uint8Array.from(bytes), 'labels')).toThrow(message);
  });
});
