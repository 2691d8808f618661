import { describe, expect, it } from 'vitest';
import { concatenated, rows } from './rows.js';

describe('concatenated', () => {
  const values = Float32Array.from({ length: 12 }, (_, at) => at);
  const [first, second, third, fourth] = rows(values, 3) as [Float32Array, Float32Array, Float32Array, Float32Array];

  it('copies vectors that lie apart, in their order', () => {
    for (const apart of [
      [first, third],
      [second, first],
      [first, second.slice()],
      [third, third],
    ]) {
      const together = concatenated(apart);
      expect([...together]).toEqual(apart.flatMap((vector) => [...vector]));
      expect(together.buffer).not.toBe(values.buffer);
    }
  });

  it('gives a view of vectors that lie one after the other already', () => {
    const together = concatenated([second, third, fourth]);
    expect([...together]).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(together.buffer).toBe(values.buffer);
  });

  it('gives nothing for no vectors', () => {
    expect(concatenated([])).toEqual(new Float32Array());
  });
});
