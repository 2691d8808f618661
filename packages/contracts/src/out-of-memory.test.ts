import { describe, expect, it } from 'vitest';
import { isOutOfMemory, OutOfMemory } from './out-of-memory.js';

describe('isOutOfMemory', () => {
  it('knows how each engine says it', () => {
    const tensorflow =
      'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[4096,28,28,512] and type float on /device:CPU:0';
    expect(isOutOfMemory(new Error(tensorflow))).toBe(true);
    expect(isOutOfMemory(new OutOfMemory('no room'))).toBe(true);
    let javascript: unknown;
    try {
      new ArrayBuffer(Number.MAX_SAFE_INTEGER);
    } catch (error) {
      javascript = error;
    }
    expect(isOutOfMemory(javascript)).toBe(true);
  });

  it('takes no other error for it', () => {
    expect(isOutOfMemory(new Error('Invalid TF_Status: 3\nMessage: shapes do not fit'))).toBe(false);
    expect(isOutOfMemory(new RangeError('the logit of class 0 of image 1 is NaN'))).toBe(false);
    expect(isOutOfMemory('OOM when allocating')).toBe(false);
  });
});
