import { describe, expect, it } from 'vitest';
import { boxedStep } from './boxed-step.js';

describe('the shortest step inside the box', () => {
  const image = Float32Array.of(0.5, 0.75, 0, 1);

  it('is along the gradient in L2 and along its sign in Linf, where the box is far', () => {
    const gradient = Float32Array.of(3, -4, 0, 0);
    expect([...boxedStep('l2', image, gradient, 1)]).toEqual([
      expect.closeTo(0.12, 12),
      expect.closeTo(-0.16, 12),
      0,
      0,
    ]);
    expect([...boxedStep('linf', image, gradient, 0.7)]).toEqual([
      expect.closeTo(0.1, 12),
      expect.closeTo(-0.1, 12),
      0,
      0,
    ]);
  });

  it('lets the other pixels do what those at the end of the box cannot', () => {
    // Pixel 2 cannot fall and pixel 3 cannot rise; pixel 1 ends at 1 after 0.25, and pixel 0 has to do the rest.
    const gradient = Float32Array.of(1, 2, -8, 8);
    const step = boxedStep('l2', image, gradient, 0.9);
    expect([...step.map(Math.abs)]).toEqual([expect.closeTo(0.4, 12), expect.closeTo(0.25, 12), 0, 0]);
    expect([...boxedStep('l2', image, gradient, -8)].every(Number.isFinite)).toBe(true);
  });

  it.each(['l2', 'linf'] as const)(
    'raises the function by just what is asked, however many pixels end, in %s',
    (norm) => {
      const many = Float32Array.from({ length: 200 }, (_, at) => 0.5 + 0.5 * Math.sin(at * at));
      const gradient = Float32Array.from({ length: 200 }, (_, at) => Math.cos(3 * at + 1) ** 3);
      for (const rise of [1e-3, 0.5, 5, 30, -5, -30]) {
        const step = boxedStep(norm, many, gradient, rise);
        expect(step.reduce((sum, value, at) => sum + value * gradient[at]!, 0)).toBeCloseTo(rise, 9);
        step.forEach((value, at) => expect(Math.abs(many[at]! + value - 0.5)).toBeLessThan(0.5 + 1e-12));
      }
    },
  );

  it('goes as far as it can where the box ends before', () => {
    const most = boxedStep('linf', image, Float32Array.of(1, 1, -1, 1), 5);
    expect([...most.map(Math.abs)]).toEqual([0.5, 0.25, 0, 0]);
    expect([...boxedStep('l2', image, new Float32Array(4), 5)]).toEqual([0, 0, 0, 0]);
  });
});
