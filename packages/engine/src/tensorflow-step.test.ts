import '@tensorflow/tfjs-backend-cpu';
import {
  getKernel,
  memory,
  registerKernel,
  setBackend,
  Step,
  step,
  tensor1d,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { installedEngine } from './install/engines-folder.js';
import { startEngine } from './start-engine.js';
import { registerStep } from './tensorflow-step.js';

const values = [0, -0, 1, 0.5, 1e-20, -1e-20, -1, Infinity, -Infinity];
const steps = [0, 0, 1, 1, 1, 0, 0, 1, 0];

function stepOf(given: readonly number[], alpha?: number, dtype: 'float32' | 'int32' = 'float32'): number[] {
  return tidy(() => Array.from(step(tensor1d([...given], dtype), alpha).dataSync()));
}

describe('a step of two operations', () => {
  it('is what it is of one, and leaves all other steps to the backend', async () => {
    await setBackend('cpu');
    const original = getKernel(Step, 'cpu');
    const others = () => [stepOf(values, 0.25), stepOf([-2, 0, 3], 0, 'int32')];
    const before = others();
    const tensors = memory().numTensors;
    registerStep('cpu');
    try {
      expect(stepOf(values)).toEqual(steps);
      expect(others()).toEqual(before);
      expect(memory().numTensors).toBe(tensors);
    } finally {
      unregisterKernel(Step, 'cpu');
      registerKernel(original);
    }
  });

  it('wants a backend that has one', () => {
    expect(() => registerStep('none')).toThrow('the backend none has no kernel Step');
  });
});

const missing = installedEngine('tfjs-node') ? '' : ' (not here: `npx retort engine install tfjs-node` gets it)';

describe.skipIf(missing !== '')(`the step of tfjs-node${missing}`, () => {
  it('is 1 above 0, 0 elsewhere, and NaN where it was given it', async () => {
    await startEngine({ force: 'tfjs-node' });
    expect(stepOf([...values, NaN])).toEqual([...steps, NaN]);
    expect(stepOf([-1, 2], 0.25)).toEqual([0.25, 1]);
  });
});
