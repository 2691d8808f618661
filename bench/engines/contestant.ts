import { engineNames } from '@retort/contracts';
import { probeEngine } from '@retort/engine';
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

/** Which engines are measured, and by which clock. */
export type Measure = Pick<Conditions, 'engines' | 'processorTime'>;

/** The engines that work here, of some or of all where none is named, and why each of the others does not. */
export async function engineContestants({
  engines,
  processorTime,
}: Measure): Promise<{ contestants: Contestant[]; missing: string[] }> {
  const contestants: Contestant[] = [];
  const missing: string[] = [];
  for (const name of engines.length > 0 ? engines : engineNames) {
    const report = await probeEngine(name);
    if (!report.usable) missing.push(`${name}: ${report.why}. ${report.remedy}`);
    else if (name === 'cpu') missing.push('cpu: plain JavaScript, a reference for tests, takes minutes a batch.');
    else contestants.push(await engineContestant(name, processorTime));
  }
  return { contestants, missing };
}

async function engineContestant(name: string, processorTime: boolean): Promise<Contestant> {
  const process = new NodeProcess<'start' | Timing, Started | number>('engines/child.js', [name]);
  const { engine } = (await process.ask('start')) as Started;
  const { versions, threads, device } = engine;
  return {
    name,
    versions,
    threads,
    device,
    timed: async (net, operation, batches) => (await process.ask({ net, operation, batches, processorTime })) as number,
    close: () => process.close(),
  };
}

/** PyTorch on the processor, which keeps the memory of its tensors or, as by default, gives it back at once. */
export async function torchContestant(
  environment: NonNullable<Conditions['peers']>,
  { threads, keepsMemory, processorTime }: { threads: number; keepsMemory: boolean } & Pick<Measure, 'processorTime'>,
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
      const request = { net, layers, input_shape: INPUT_SHAPE, operation, batches, processor_time: processorTime };
      return (await process.ask(request)) as number;
    },
    close: () => process.close(),
  };
}
