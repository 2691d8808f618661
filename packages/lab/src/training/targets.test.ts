import { expect, it } from 'vitest';
import { assertTargets, oneHot, smoothed } from './targets.js';

it('puts a 1 at each label', () => {
  expect([...oneHot(Uint8Array.of(2, 0), 3)]).toEqual([0, 0, 1, 1, 0, 0]);
});

it('spreads a share of each target evenly', () => {
  expect([...smoothed(Float32Array.of(0, 1, 0.5, 0.5), 2, 0.25)]).toEqual([0.125, 0.875, 0.5, 0.5]);
  expect(smoothed(Float32Array.of(0.3, 0.7), 2, 0)).toEqual(Float32Array.of(0.3, 0.7));
});

it('refuses targets that are no probabilities, naming the first example', () => {
  const targets = Float32Array.of(0.5, 0.5, 0.25, 0.75);
  expect(() => assertTargets(targets, 2, 2)).not.toThrow();
  expect(() => assertTargets(targets, 3, 2)).toThrow('3 examples of 2 classes need 6 targets, not 4');
  expect(() => assertTargets(Float32Array.of(0.5, 0.5, 0.5, 0.25), 2, 2)).toThrow('example 1 are not probabilities');
  expect(() => assertTargets(Float32Array.of(1.5, -0.5), 1, 2)).toThrow('example 0 are not probabilities');
  expect(() => assertTargets(Float32Array.of(NaN, 1), 1, 2)).toThrow('example 0 are not probabilities');
});
