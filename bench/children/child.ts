import { startEngine, type EngineDescription } from '@retort/engine';
import type { Net } from '@retort/lab';
import { createBenchNet, type BenchNet } from '../engines/nets.js';
import { timed, type Operation } from '../engines/operations.js';
import { answerRequests } from '../measuring/node-process.js';

export type Request = 'start' | { readonly net: BenchNet; readonly operation: Operation; readonly batches: number };

export interface Answer {
  readonly engine: EngineDescription;
  /** Seconds that the operation took; 0 of a start. */
  readonly seconds: number;
  /** The most memory that this process has held, in MiB. */
  readonly peakMiB: number;
}

// A compute child as a worker has them: the engine and the number of its threads come on the command line.
const [force, threads] = process.argv.slice(2);
let engine: EngineDescription | undefined;
let last: { readonly name: BenchNet; readonly net: Net } | undefined;

answerRequests<Request, Answer>(async (request) => {
  engine ??= (await startEngine({ force, threads: Number(threads) })).description;
  let seconds = 0;
  if (request !== 'start') {
    const { net: name, operation, batches } = request;
    if (last?.name !== name) last = { name, net: createBenchNet(name) };
    seconds = await timed(operation, last.net, batches);
  }
  return { engine, seconds, peakMiB: process.resourceUsage().maxRSS / 1024 };
});
