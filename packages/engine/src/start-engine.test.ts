import {
  add,
  backend,
  findBackend,
  findBackendFactory,
  getBackend,
  getKernel,
  registerBackend,
  registerKernel,
  tensor1d,
  unregisterKernel,
  type KernelFunc,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { EngineError } from './engine-error.js';
import { SELF_CHECK_TOLERANCE } from './self-check.js';
import { startEngine } from './start-engine.js';
import { WASM } from './wasm/kernel.js';

describe('starting a forced engine', () => {
  it('makes wasm compute, on one thread, and describes it', async () => {
    const { description } = await startEngine({ force: 'wasm' });
    expect(getBackend()).toBe('wasm');
    expect(description).toEqual({
      name: 'wasm',
      backend: 'wasm',
      versions: { tfjs: '4.22.0', tfjs_backend_wasm: '4.22.0', node: process.versions.node },
      threads: 1,
      device: expect.stringMatching(/./) as unknown,
      self_check: { passed: true, max_relative_error: description.self_check.max_relative_error },
      skipped: [],
    });
    expect(description.self_check.max_relative_error).toBeGreaterThan(0);
    expect(description.self_check.max_relative_error).toBeLessThanOrEqual(SELF_CHECK_TOLERANCE);
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  it('leaves no tensor behind', async () => {
    await startEngine({ force: 'wasm' });
    expect(backend().numDataIds()).toBe(0);
  });

  it('leaves uncaught errors to the program', async () => {
    const events = ['uncaughtException', 'unhandledRejection'] as const;
    const before = events.map((event) => process.rawListeners(event));
    await startEngine({ force: 'wasm' });
    expect(events.map((event) => process.rawListeners(event))).toEqual(before);
  });

  it('makes plain JavaScript compute', async () => {
    const { description } = await startEngine({ force: 'cpu' });
    expect([getBackend(), description.name, description.backend]).toEqual(['cpu', 'cpu', 'cpu']);
    expect([...add(tensor1d([1, 2]), 1).dataSync()]).toEqual([2, 3]);
  });

  it.each([
    ['wsam', 'The engine "wsam" cannot be used: there is none of that name. Did you mean "wasm"? The engines are'],
    ['tensorflow', 'there is none of that name. The engines are tfjs-node-gpu, tfjs-node, wasm, webgpu, cpu.'],
    ['', 'The engine "" cannot be used: there is none of that name.'],
  ])('refuses the unknown name "%s" and names those that there are', async (force, message) => {
    await expect(startEngine({ force })).rejects.toThrow(message);
    await expect(startEngine({ force })).rejects.toMatchObject({ name: 'EngineError', problem: 'unknown' });
  });

  it.each(['tfjs-node', 'tfjs-node-gpu'])(
    'starts %s itself, or says what is the matter and how to get it',
    async (force) => {
      const outcome: unknown = await startEngine({ force }).then(
        ({ description }) => description.name,
        (error: unknown) => error,
      );
      if (outcome instanceof EngineError) {
        expect(['absent', 'broken', 'no_gpu']).toContain(outcome.problem);
        if (outcome.problem === 'absent') {
          expect(outcome.message).toContain(
            `The engine ${force} cannot be used: it is not installed. Get it with \`npx retort engine install tfjs-node`,
          );
        }
      } else {
        expect(outcome).toBe(force);
      }
    },
  );

  it.each([0, -1, 1.5, NaN])('refuses %s threads', async (threads) => {
    await expect(startEngine({ force: 'cpu', threads })).rejects.toThrow('threads must be an integer of at least 1');
  });
});

describe('starting an engine that computes wrongly', () => {
  const negative: KernelFunc = (call) => getKernel('Neg', WASM).kernelFunc(call);
  const failing: KernelFunc = () => {
    throw new Error('no such luck');
  };

  it.each([
    ['wrong', /its gradients are wrong by .*, where 0\.00001 is allowed\. Use another engine/, negative],
    ['broken', /its self-check failed \(no such luck\)\. Use another engine/, failing],
  ])('is an error and leaves it removed: %s', async (problem, message, kernelFunc) => {
    await startEngine({ force: 'wasm' });
    const [relu, factory] = [getKernel('Relu', WASM), findBackendFactory(WASM)];
    unregisterKernel('Relu', WASM);
    registerKernel({ ...relu, kernelFunc });
    const error: unknown = await startEngine({ force: 'wasm' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'EngineError', engine: 'wasm', problem });
    expect(String(error)).toMatch(message);
    expect(findBackend(WASM)).toBeNull();

    unregisterKernel('Relu', WASM);
    registerKernel(relu);
    registerBackend(WASM, factory);
    await expect(startEngine({ force: 'wasm' })).resolves.toMatchObject({ description: { name: 'wasm' } });
  });
});
