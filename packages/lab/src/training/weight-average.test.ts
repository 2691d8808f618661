import '@tensorflow/tfjs';
import { memory, setBackend, tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { Parameter } from '../nets/net.js';
import { WeightAverage } from './weight-average.js';

function parameter(...values: number[]): Parameter {
  return { name: 'dense1/bias', variable: tidy(() => variable(tensor1d(values))) };
}

function set({ variable }: Parameter, ...values: number[]): void {
  tidy(() => variable.assign(tensor1d(values)));
}

const valuesOf = ({ variable }: Parameter) => [...variable.dataSync<'float32'>()];

beforeAll(() => setBackend('cpu'));

it('averages by hand: from the first weights on, with a decay that rises to the one asked', () => {
  const weights = parameter(1, 2);
  const average = new WeightAverage(0.2, [weights]);
  set(weights, 3, 0);
  average.update();
  set(weights, 5, 1);
  average.update();
  average.exchange();
  // The decays are 2/11, below 0.2, and then 0.2, below 3/12.
  const [a, b] = [(2 / 11) * 1 + (9 / 11) * 3, (2 / 11) * 2];
  expect(valuesOf(weights)[0]).toBeCloseTo(0.2 * a + 0.8 * 5, 6);
  expect(valuesOf(weights)[1]).toBeCloseTo(0.2 * b + 0.8 * 1, 6);
  average.exchange();
  expect(valuesOf(weights)).toEqual([5, 1]);
});

it('goes on from its state bit for bit', async () => {
  const [one, other] = [parameter(1, 2), parameter(0, 0)];
  const whole = new WeightAverage(0.9, [one]);
  set(one, 0.3, 0.7);
  whole.update();
  const resumed = new WeightAverage(0.9, [other]);
  resumed.restore(await whole.state());
  for (const [average, weights] of [[whole, one] as const, [resumed, other] as const]) {
    set(weights, 0.1, -4);
    average.update();
    average.exchange();
  }
  expect(valuesOf(other)).toEqual(valuesOf(one));
});

it('leaves no tensor behind once it is disposed', () => {
  const weights = parameter(1, 2);
  const before = memory().numTensors;
  const average = new WeightAverage(0.9, [weights]);
  average.update();
  average.exchange();
  average.dispose();
  expect(memory().numTensors).toBe(before);
});
