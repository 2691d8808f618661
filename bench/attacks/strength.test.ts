import { describe, expect, it } from 'vitest';
import { isAsStrong } from './strength.js';

const radius = { radius: 0.1 };

describe('isAsStrong', () => {
  it('allows one success of forty to chance', () => {
    expect(isAsStrong({ successes: 19, examples: 40, mean: 0.1 }, { successes: 20, mean: 0.1 }, radius)).toBe(true);
    expect(isAsStrong({ successes: 18, examples: 40, mean: 0.1 }, { successes: 20, mean: 0.1 }, radius)).toBe(false);
  });

  it('asks for as short a perturbation only where there is no radius', () => {
    const far = { successes: 40, examples: 40, mean: 1.8 };
    expect(isAsStrong(far, { successes: 40, mean: 1.1 }, {})).toBe(false);
    expect(isAsStrong(far, { successes: 40, mean: 1.79 }, {})).toBe(true);
    expect(isAsStrong(far, { successes: 40, mean: 1.1 }, { radius: 2 })).toBe(true);
  });

  it('takes nothing for as strong as something, and anything for as strong as nothing', () => {
    const nothing = { successes: 0, examples: 40, mean: null };
    expect(isAsStrong(nothing, { successes: 40, mean: 1 }, {})).toBe(false);
    expect(isAsStrong(nothing, nothing, {})).toBe(true);
  });
});
