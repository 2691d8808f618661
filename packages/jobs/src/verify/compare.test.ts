import { expect, it } from 'vitest';
import type { JobResult } from '@retort/contracts';
import { netResult } from '../testing/fixtures.js';
import { compareProvenance, compareResults } from './compare.js';

const provenance = { code_version: '1', seed: 0, compute_seconds: 1, fallbacks: [] };
const made = { ...netResult, provenance } as unknown as JobResult;
const changed = (changes: object) => ({ ...made, ...changes });

it('finds no difference in equal results, however long they took', () => {
  const again = changed({ provenance: { ...provenance, compute_seconds: 9 } });
  expect(compareResults(made, structuredClone(again))).toEqual([]);
  expect(compareProvenance(made, structuredClone(again))).toEqual([]);
});

it('names each place that differs, by a bit or by being absent', () => {
  const again = changed({
    training_temperature: 1 + Number.EPSILON,
    test_accuracy: { count: 97, of: 100, rate: 0.97 },
  });
  expect(compareResults(made, again)).toEqual([
    { pointer: '/training_temperature', original: 1, again: 1 + Number.EPSILON },
    { pointer: '/test_accuracy/low', original: 0.91, again: null },
    { pointer: '/test_accuracy/high', original: 0.99, again: null },
  ]);
});

it('keeps provenance apart', () => {
  const again = changed({ provenance: { ...provenance, code_version: '2', fallbacks: ['in halves'] } });
  expect(compareResults(made, again)).toEqual([]);
  expect(compareProvenance(made, again)).toEqual([
    { pointer: '/code_version', original: '1', again: '2' },
    { pointer: '/fallbacks/0', original: null, again: 'in halves' },
  ]);
});
