import { describe, expect, it } from 'vitest';
import { assertExamples, type Examples } from './examples.js';

const examples: Examples = {
  images: new Float32Array(8),
  labels: Uint8Array.of(0, 1),
  count: 2,
  inputShape: [2, 2, 1],
  classes: 2,
};

describe('assertExamples', () => {
  it('takes examples whose parts fit', () => {
    expect(() => assertExamples(examples, 'training')).not.toThrow();
  });

  it.each<[Partial<Examples>, string]>([
    [{ count: 0 }, 'the test examples must be at least one, not 0'],
    [{ count: 1.5 }, 'the test examples must be at least one, not 1.5'],
    [{ labels: Uint8Array.of(0) }, '2 test examples need as many labels, not 1'],
    [{ inputShape: [3, 3, 1] }, '2 test images of shape [3, 3, 1] hold 18 values, not 8'],
    [{ labels: Uint8Array.of(0, 2) }, 'test label 1 is 2, but the 2 classes end at 1'],
  ])('refuses %o', (change, message) => {
    expect(() => assertExamples({ ...examples, ...change }, 'test')).toThrow(message);
  });
});
