import { backend } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { startEngine } from './start-engine.js';
import { trainingSpeed } from './training-speed.js';

it('trains, and leaves no tensor behind', async () => {
  await startEngine({ force: 'wasm' });
  expect(await trainingSpeed()).toBeGreaterThan(0);
  expect(backend().numDataIds()).toBe(0);
});
