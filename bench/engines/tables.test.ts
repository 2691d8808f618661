import { expect, it } from 'vitest';
import { OPERATIONS } from './operations.js';
import { enginesTables, type Rate } from './tables.js';

function rates(contestant: string, imagesPerSecond: number[]): Rate[] {
  return OPERATIONS.map((operation) => ({ net: 'A', operation, contestant, imagesPerSecond }));
}

it('sets every contestant against PyTorch on one thread, round by round, and wasm against tfjs-node', () => {
  const measured = [
    ...rates('wasm', [300, 30, 300]),
    ...rates('tfjs-node', [600, 60, 600]),
    ...rates('PyTorch, 1 thread', [400, 40, 400]),
  ];
  const text = enginesTables(measured, ['cpu: slow.']);
  const wasm = Array(3).fill('300 | 0.750 [0.750, 0.750]').join(' | ');
  expect(text).toContain(`| wasm | ${wasm} |`);
  expect(text).toContain('| PyTorch, 1 thread | 400 | 1 | 400 | 1 | 400 | 1 |');
  expect(text).toContain('| A | 0.500 [0.500, 0.500] | 0.500 [0.500, 0.500] | 0.500 [0.500, 0.500] |');
  expect(text).toContain('- cpu: slow.');
});

it('gives plain rates where PyTorch is absent', () => {
  expect(enginesTables(rates('wasm', [300]), [])).toContain('|  | train | input gradient | forward |\n');
});
