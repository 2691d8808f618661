import { describe, expect, it } from 'vitest';
import { Random } from './random.js';

describe('Random', () => {
  it('gives the reference values of xoshiro128** for the state 1, 2, 3, 4', () => {
    const random = new Random([1, 2, 3, 4]);
    const drawn = Array.from({ length: 10 }, () => random.uint32());
    expect(drawn).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('continues from a saved state with the same numbers', () => {
    const random = Random.stream(7, 'dropout');
    random.uint32();
    const copy = new Random(random.state);
    expect([copy.uniform(), copy.normal()]).toEqual([random.uniform(), random.normal()]);
  });

  it('gives different streams of one seed under different names', () => {
    expect(Random.stream(1, 'shuffle').uint32()).not.toBe(Random.stream(1, 'dropout').uint32());
    expect(Random.stream(1, 'shuffle').uint32()).not.toBe(Random.stream(2, 'shuffle').uint32());
  });

  it('draws uniform and normal numbers with the moments of their distributions', () => {
    const random = Random.stream(3, 'moments');
    const n = 200_000;
    let uniform = 0;
    let normal = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      uniform += random.uniform();
      const z = random.normal();
      normal += z;
      square += z * z;
    }
    expect(Math.abs(uniform / n - 0.5)).toBeLessThan(0.003);
    expect(Math.abs(normal / n)).toBeLessThan(0.01);
    expect(Math.abs(square / n - 1)).toBeLessThan(0.02);
  });

  it('permutes: each index exactly once, and every position reachable', () => {
    const order = Random.stream(5, 'shuffle').permutation(1000);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    const firsts = new Set(Array.from({ length: 200 }, (_, seed) => Random.stream(seed, 'x').permutation(3)[0]));
    expect(firsts).toEqual(new Set([0, 1, 2]));
  });

  it('refuses a seed that is no safe integer', () => {
    expect(() => Random.stream(0.5, 'x')).toThrow('safe integer');
    expect(() => new Random([0, 0, 0, 0])).toThrow('zero');
  });
});
