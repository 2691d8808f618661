import {
  backend,
  engine,
  setBackend,
  tensor,
  tensor1d,
  unregisterKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../start-engine.js';
import { runKernel } from '../testing/agreement.js';
import { wasmKernel, WASM, type Inputs, type KernelScope } from './kernel.js';

beforeAll(() => startEngine({ force: 'wasm' }));

/** The buffers that a kernel leaves behind, its result included. */
function buffersLeftBy(compute: (scope: KernelScope, x: TensorInfo) => TensorInfo): number {
  wasmKernel('Tried', (scope, { x }: Inputs<'x'>) => compute(scope, x)).register();
  const x = tensor1d([1, 2, 3]);
  x.dataSync();
  const before = backend().numDataIds();
  try {
    const result = tried({ x });
    const left = backend().numDataIds() - before;
    result?.dispose();
    return left;
  } finally {
    x.dispose();
    unregisterKernel('Tried', WASM);
  }
}

function tried(inputs: Parameters<typeof runKernel>[1]): ReturnType<typeof runKernel> | undefined {
  try {
    return runKernel('Tried', inputs);
  } catch (error) {
    if (error instanceof Error && error.message === 'given up') return undefined;
    throw error;
  }
}

describe('a wasm kernel', () => {
  it('leaves its result and nothing else', () => {
    const left = buffersLeftBy((scope, x) => {
      scope.allocate([100]);
      scope.run('Reverse', { x }, { dims: [0] });
      return scope.run('Neg', { x });
    });
    expect(left).toBe(1);
  });

  it('leaves nothing when it fails', () => {
    const left = buffersLeftBy((scope, x) => {
      scope.run('Neg', { x });
      throw new Error('given up');
    });
    expect(left).toBe(0);
  });

  it('may return a result that shares its memory with another', () => {
    // A transposition that changes no order gives another handle on its input.
    const left = buffersLeftBy((scope, x) => scope.run('Transpose', { x: scope.run('Neg', { x }) }, { perm: [0] }));
    expect(left).toBe(1);
  });

  it('frees what is done apart at once', () => {
    const inUse: number[] = [];
    buffersLeftBy((scope, x) => {
      const out = scope.allocate([3]);
      inUse.push(backend().numDataIds());
      scope.apart((part) => part.run('Neg', { x }));
      inUse.push(backend().numDataIds());
      return out;
    });
    expect(inUse[1]).toBe(inUse[0]);
  });

  it('may not return a tensor that it did not make', () => {
    expect(() => buffersLeftBy((_, x) => x)).toThrow('a kernel returned a tensor that it did not make');
  });

  it('builds on the original where it takes the place of a kernel', async () => {
    await setBackend(WASM);
    const calls: string[] = [];
    wasmKernel('Neg', (scope, { x }: Inputs<'x'>) => {
      calls.push('ours');
      return scope.run('Neg', { x });
    }).register();
    const x = tensor([1, -2]);
    const result = engine().runKernel<ReturnType<typeof tensor>>('Neg', { x });
    expect([...result.dataSync()]).toEqual([-1, 2]);
    expect(calls).toEqual(['ours']);
  });

  it('names the kernel that the backend lacks', () => {
    expect(() => buffersLeftBy((scope, x) => scope.run('Einsum', { x }))).toThrow(
      'the wasm backend has no kernel Einsum',
    );
  });
});
