import { startEngine, type EngineDescription } from '@retort/engine';
import type { Net } from '@retort/lab';
import { answerRequests } from '../measuring/node-process.js';
import { createBenchNet, type BenchNet } from './nets.js';
import { processorClock, timed, wallClock, type Operation } from './operations.js';

/** Asks for the seconds of an operation. */
export interface Timing {
  readonly net: BenchNet;
  readonly operation: Operation;
  readonly batches: number;
  readonly processorTime: boolean;
}

export interface Started {
  readonly engine: EngineDescription;
}

// The process in which one engine is measured: the one named on the command line.
const nets = new Map<BenchNet, Net>();

answerRequests<'start' | Timing, Started | number>(async (request) => {
  if (request === 'start') return { engine: (await startEngine({ force: process.argv[2] })).description };
  const { net: name, operation, batches, processorTime } = request;
  const net = nets.get(name) ?? createBenchNet(name);
  nets.set(name, net);
  return timed(operation, net, batches, processorTime ? processorClock : wallClock);
});
