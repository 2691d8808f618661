import { expect, it } from 'vitest';
import { interleaved } from './interleaved.js';

it('gives every contestant a turn a round, each round beginning with another', async () => {
  const turns: string[] = [];
  const repeats = await interleaved(['a', 'b', 'c'], 2, (contestant) => {
    turns.push(contestant);
    return Promise.resolve(`${contestant}${turns.length}`);
  });
  expect(turns.join('')).toBe('abcbca');
  expect(repeats).toEqual([
    ['a1', 'a6'],
    ['b2', 'b4'],
    ['c3', 'c5'],
  ]);
});
