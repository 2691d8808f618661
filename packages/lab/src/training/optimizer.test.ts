import '@tensorflow/tfjs';
import { memory, setBackend, tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import type { Optimizer as OptimizerSettings } from '@retort/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Parameter } from '../nets/net.js';
import { encodeSafetensors } from '../weights/safetensors.js';
import { Optimizer } from './optimizer.js';

const nesterov: OptimizerSettings = { name: 'nesterov', momentum: 0.9 };
const adam: OptimizerSettings = { name: 'adam', beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 };

function parameters(values: number[]): Parameter[] {
  return [{ name: 'dense1/kernel', variable: tidy(() => variable(tensor1d(values))) }];
}

function apply(optimizer: Optimizer, gradient: number[]): void {
  tidy(() => optimizer.apply([tensor1d(gradient)], 0.1));
}

beforeAll(() => setBackend('cpu'));

describe('Optimizer', () => {
  it.each([nesterov, adam])('goes on from its state bit for bit: %o', async (settings) => {
    const whole = parameters([1, 2, 3]);
    const wholeOptimizer = new Optimizer(settings, whole);
    for (const gradient of [0.1, 0.7]) apply(wholeOptimizer, [gradient, -gradient, 0.3]);
    const weights = [...(await whole[0]!.variable.data())];
    const state = await wholeOptimizer.state();
    apply(wholeOptimizer, [0.2, 0.2, 0.2]);

    const resumed = parameters(weights);
    const resumedOptimizer = new Optimizer(settings, resumed);
    resumedOptimizer.restore(state);
    apply(resumedOptimizer, [0.2, 0.2, 0.2]);

    expect(await resumed[0]!.variable.data()).toEqual(await whole[0]!.variable.data());
    expect(await resumedOptimizer.state()).toEqual(await wholeOptimizer.state());
  });

  it('refuses the state of other settings, of other parameters, and one that counts no steps', async () => {
    const optimizer = new Optimizer(nesterov, parameters([1, 2]));
    const other = new Optimizer(adam, parameters([1, 2]));
    const longer = new Optimizer(nesterov, parameters([1, 2, 3]));
    expect(() => new Optimizer(adam, parameters([1])).restore(encodeSafetensors([], {}))).toThrow("'step' is absent");
    await expect(other.state().then((state) => optimizer.restore(state))).rejects.toThrow(
      "tensor 'velocity/dense1/kernel' is absent; the file holds first-moment/dense1/kernel",
    );
    await expect(longer.state().then((state) => optimizer.restore(state))).rejects.toThrow('has shape [3], not [2]');
  });

  it('keeps no tensor of its steps, and none once it is disposed', () => {
    const trained = parameters([1, 2]);
    const before = memory().numTensors;
    const optimizer = new Optimizer(adam, trained);
    for (let step = 0; step < 3; step++) apply(optimizer, [0.5, 0.5]);
    expect(memory().numTensors).toBe(before + 2);
    optimizer.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
