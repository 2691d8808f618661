import { describeEngines } from '@retort/engine';
import { NodeProcess } from '../measuring/node-process.js';
import type { Conditions } from '../part.js';
import { PythonProcess } from '../peers/python-process.js';
import type { Started, Timing } from './child.js';
import { benchNets, INPUT_SHAPE, type BenchNet } from './nets.js';
import type { Operation } from './operations.js';

/** Something that trains and runs the nets, in a process of its own that waits while another is measured. */
export interface Contestant {
  /** Such as `wasm`, or `PyTorch, 1 thread`. */
  readonly name: string;
  /** Versions of what computes, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
  readonly device: string;
  /** Seconds for so many batches. */
  timed(net: BenchNet, operation: Operation, batches: number): Promise<number>;
  close(): Promise<void>;
}

/** The engines that work here, and why each of the others does not. */
export async function engineContestants(): Promise<{ contestants: Contestant[]; missing: string[] }> {
  const contestants: Contestant[] = [];
  const missing: string[] = [];
  for (const report of await describeEngines()) {
    if (!report.usable) missing.push(`${report.name}: ${report.why}. ${report.remedy}`);
    else if (report.name === 'cpu')
      missing.push('cpu: plain JavaScript, a reference for tests, takes minutes a batch.');
    else contestants.push(await engineContestant(report.name));
  }
  return { contestants, missing };
}

async function engineContestant(name: string): Promise<Contestant> {
  const process = new NodeProcess<'start' | Timing, Started | number>('engines/child.js', [name]);
  const { engine } = (await process.ask('start')) as Started;
  const { versions, threads, device } = engine;
  return {
    name,
    versions,
    threads,
    device,
    timed: async (net, operation, batches) => (await process.ask({ net, operation, batches })) as number,
    close: () => process.close(),
  };
}

/** PyTorch on the processor, which keeps the memory of its tensors or, as by default, gives it back at once. */
export async function torchContestant(
  environment: NonNullable<Conditions['peers']>,
  { threads, keepsMemory }: { threads: number; keepsMemory: boolean },
): Promise<Contestant> {
  const process = new PythonProcess(environment, 'engines/torch_engine.py', [], { threads, keepsMemory });
  const { torch } = (await process.answer()) as { torch: string };
  return {
    name: `PyTorch, ${threads} thread${threads === 1 ? '' : 's'}${keepsMemory ? '' : ', pages given back'}`,
    versions: { torch },
    threads,
    device: 'cpu',
    timed: async (net, operation, batches) => {
      const { layers } = benchNets[net];
      return (await process.ask({ net, layers, input_shape: INPUT_SHAPE, operation, batches })) as number;
    },
    close: () => process.close(),
  };
}
