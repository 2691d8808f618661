import { describe, expect, it } from 'vitest';
import { linearScale, ticks } from './scale.js';

describe('linearScale', () => {
  it('maps the domain to the range, clamps what lies outside and survives an empty domain', () => {
    const x = linearScale([0, 1], [100, 300]);
    expect([0, 0.25, 1, -1, 2, -Infinity].map(x)).toEqual([100, 150, 300, 100, 300, 100]);
    expect(linearScale([3, 3], [10, 20])(3)).toBe(10);
  });
});

describe('ticks', () => {
  it('gives round numbers inside the domain', () => {
    expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(-100, 0, 6)).toEqual([-100, -80, -60, -40, -20, 0]);
    expect(ticks(0.9696, 0.9803, 4)).toEqual([0.97, 0.975, 0.98]);
  });
});
