import { describe, expect, it } from 'vitest';
import type { Comparison } from '../parity/comparison.js';
import { attacksTables, type Entry } from './tables.js';

const comparison: Comparison = {
  name: 'C&W',
  net: 'standard',
  measure: 'l2',
  ours: { attack: 'cw-l2', parameters: {} },
  peers: [],
};

function entry(library: Entry['library'], mean: number, allCores: number[], oneThread: number[]): Entry {
  const reached = {
    successes: 40,
    examples: 40,
    mean,
    median: mean,
    outside: 0,
    gradients: 9,
    forwards: 9,
    seconds: 1,
  };
  return { comparison, library, attack: 'cw', reached, allCores, oneThread };
}

const ours = entry('retort', 1, [2, 4], [4, 8]);

describe('attacksTables', () => {
  it('sets the fastest peer of equal strength against ours, round by round', () => {
    const text = attacksTables([
      ours,
      entry('foolbox', 1, [8, 16], [16, 32]),
      entry('adv_lib', 1.001, [6, 12], [20, 40]),
      entry('torchattacks', 2, [1, 1], [1, 1]),
    ]);
    expect(text).toContain(
      '| C&W | 40 | adv_lib, foolbox | 3.00 [3.00, 3.00] | 4.00 [4.00, 4.00] | 2.00 [2.00, 2.00] |',
    );
    expect(text).toContain('|  | torchattacks `cw` | 40/40 | 2.000 | 9.0 | 1.00 (0.375) | 1.00 (0.188) |');
  });

  it('says where no peer is as strong, and pairs what was measured once with our first round', () => {
    const text = attacksTables([ours, entry('foolbox', 2, [30], [60])]);
    expect(text).toContain('| none is; of the weaker foolbox | 15.0 [15.0, 15.0] | 15.0 [15.0, 15.0] |');
  });

  it('pairs the rounds that both have where ours too was slow on one thread', () => {
    const text = attacksTables([entry('retort', 1, [2, 4], [4]), entry('foolbox', 1, [6, 12], [12, 99])]);
    expect(text).toContain('| foolbox | 3.00 [3.00, 3.00] | 3.00 [3.00, 3.00] | 2.00 [2.00, 2.00] |');
  });

  it('keeps our own numbers where no peer was measured, and the reason of a failure', () => {
    expect(attacksTables([ours])).toContain('| C&W | 40 | none was measured | — | — | 2.00 [2.00, 2.00] |');
    const failed: Entry = { ...entry('foolbox', 1, [], []), reached: { error: 'KeyError' } };
    expect(attacksTables([ours, failed])).toContain('|  | foolbox `cw` | failed: KeyError |');
  });
});
