import { describe, expect, it } from 'vitest';
import type { Machine } from './machine.js';
import { CHILD_FOOTPRINT, planPool } from './pool-plan.js';

const GIB = 2 ** 30;
const machine = (changes: Partial<Machine> = {}): Machine => ({ cores: 8, memory: 32 * GIB, gpus: [], ...changes });

describe('planPool', () => {
  it('takes a child a core, and gives each its share of four fifths of the memory', () => {
    const plan = planPool(machine(), 'tfjs-node');
    expect(plan).toMatchObject({ concurrency: 8, why: 'one thread and one child for each of 8 cores' });
    expect(plan.childMemory).toBe(Math.floor((0.8 * 32 * GIB) / 8));
  });

  it('takes as many as the control group grants time for, though one at least', () => {
    expect(planPool(machine({ coreQuota: 2.5 }), 'wasm')).toMatchObject({
      concurrency: 2,
      why: "one thread and one child for each of 2 cores' worth of time that the control group grants",
    });
    expect(planPool(machine({ coreQuota: 0.5 }), 'wasm').concurrency).toBe(1);
  });

  it('takes as many as memory holds, though one at least', () => {
    const memory = (3.5 * CHILD_FOOTPRINT) / 0.8;
    const plan = planPool(machine({ memory }), 'wasm');
    expect(plan.concurrency).toBe(3);
    expect(plan.why).toMatch(/^one thread and one child for each of 3 children of .* GiB in .* GiB of memory$/);
    expect(planPool(machine({ memory: GIB / 8 }), 'wasm').concurrency).toBe(1);
    expect(planPool(machine(), 'wasm', { childMemory: 6 * GIB })).toMatchObject({
      concurrency: 4,
      childMemory: 6 * GIB,
    });
  });

  it('takes a child a GPU on an engine of GPUs', () => {
    const gpus = ['0', '1'];
    expect(planPool(machine({ gpus }), 'tfjs-node-gpu')).toMatchObject({
      concurrency: 2,
      why: 'one thread and one child for each of 2 GPUs',
    });
    expect(planPool(machine({ gpus }), 'webgpu').concurrency).toBe(1);
    expect(planPool(machine({ gpus }), 'wasm').concurrency).toBe(8);
  });

  it('does what a person says, and tells what it would have been', () => {
    const plan = planPool(machine({ cores: 2 }), 'wasm', { concurrency: 5 });
    expect(plan).toMatchObject({ concurrency: 5, why: 'RETORT_CONCURRENCY; without it 2, for 2 cores' });
    expect(plan.childMemory).toBe(Math.floor((0.8 * 32 * GIB) / 5));
  });
});
