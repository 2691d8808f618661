import { Random } from '@retort/random';
import { describe, expect, it } from 'vitest';
import { dropoutMask } from './dropout.js';

describe('dropoutMask', () => {
  it('drops the asked share and scales the rest so that the mean stays 1', () => {
    const mask = dropoutMask(40_000, { rate: 0.25, random: Random.stream(1, 'dropout') });
    const dropped = mask.filter((unit) => unit === 0).length / mask.length;
    expect(Math.abs(dropped - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 40_000));
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(4 / 3)]));
  });

  it('goes on with the stream that it is given', () => {
    const random = Random.stream(1, 'dropout');
    const first = dropoutMask(100, { rate: 0.5, random });
    const second = dropoutMask(100, { rate: 0.5, random });
    expect(second).not.toEqual(first);
    expect(dropoutMask(200, { rate: 0.5, random: Random.stream(1, 'dropout') })).toEqual(
      Float32Array.from([...first, ...second]),
    );
  });
});
