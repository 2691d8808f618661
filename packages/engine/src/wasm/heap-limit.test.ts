import { isOutOfMemory } from '@retort/contracts';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, conv2d, memory, ones, tidy, type Rank } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { limitHeap } from './heap-limit.js';

const MIB = 2 ** 20;

beforeAll(async () => {
  await startEngine({ force: 'wasm' });
});
afterEach(() => limitHeap(Infinity));

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** Sums of nine ones, of a batch of images of 32 x 32. */
function convolved(images: number): number[] {
  return tidy(() => {
    const output = conv2d(ones<Rank.R4>([images, 32, 32, 8]), ones<Rank.R4>([3, 3, 8, 64]), 1, 'valid');
    return [...new Set(output.dataSync())];
  });
}

it('says when a tensor does not fit below the bound, and computes rightly after that', () => {
  limitHeap(64 * MIB);
  const tensors = memory().numTensors;
  // 900 x 64 numbers an image: 440 MiB for 2000 images, 3.5 MiB for 16.
  const error = thrownBy(() => convolved(2000));
  expect(isOutOfMemory(error)).toBe(true);
  expect((error as Error).message).toMatch(
    /^the wasm heap has no room for a tensor of \d+ MiB beside \d+ MiB of others: it may hold 64 MiB$/,
  );
  expect(memory().numTensors).toBe(tensors);
  expect(convolved(16)).toEqual([72]);
});

it('counts what is freed as room, wherever it lies', () => {
  limitHeap(64 * MIB);
  for (let round = 0; round < 3; round++) {
    expect(isOutOfMemory(thrownBy(() => convolved(2000)))).toBe(true);
    // 56 MiB of output, and its images.
    expect(convolved(250)).toEqual([72]);
  }
});

it("says it at the heap's own end too, where malloc answers with address 0", () => {
  const { wasm } = backend() as BackendWasm as unknown as {
    wasm: { _malloc(bytes: number): number; _free(offset: number): void };
  };
  // Pages that nobody writes to take no memory of the machine. Two of them leave a gap that fits neither.
  const ballast = [wasm._malloc(1700 * MIB), wasm._malloc(1700 * MIB)];
  wasm._free(ballast.shift()!);
  try {
    expect(isOutOfMemory(thrownBy(() => wasm._malloc(1800 * MIB)))).toBe(true);
    expect(convolved(16)).toEqual([72]);
  } finally {
    wasm._free(ballast[0]!);
  }
});
