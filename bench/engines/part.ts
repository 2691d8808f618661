import { availableParallelism } from 'node:os';
import { interleaved } from '../measuring/interleaved.js';
import type { Conditions, Findings, Part } from '../part.js';
import { PEERS_HELP } from '../peers/environment.js';
import { engineContestants, torchContestant, type Contestant } from './contestant.js';
import { benchNets, type BenchNet } from './nets.js';
import { BATCH, OPERATIONS, type Operation } from './operations.js';
import { enginesTables, type Rate } from './tables.js';

export const engines: Part = {
  name: 'engines',
  about: 'training, input gradient and forward of every engine, against PyTorch on one thread and on all cores',
  usual: true,
  run: measureEngines,
};

async function measureEngines({ quick, peers, say, engines, processorTime }: Conditions): Promise<Findings> {
  const { contestants, missing } = await engineContestants({ engines, processorTime });
  const isPart = engines.length > 0;
  if (peers) {
    for (const threads of new Set([1, isPart ? 1 : availableParallelism()])) {
      contestants.push(await torchContestant(peers, { threads, keepsMemory: true, processorTime }));
    }
    if (!isPart) contestants.push(await torchContestant(peers, { threads: 1, keepsMemory: false, processorTime }));
  } else {
    missing.push(`PyTorch: ${PEERS_HELP}`);
  }
  const rates: Rate[] = [];
  try {
    // Much longer than the clock's step, and than a garbage collection.
    const [rounds, seconds] = quick ? [3, 0.5] : [7, 1];
    for (const net of Object.keys(benchNets) as BenchNet[]) {
      for (const operation of OPERATIONS) {
        const imagesPerSecond = await rated(contestants, { net, operation, rounds, seconds });
        contestants.forEach(({ name }, at) =>
          rates.push({ net, operation, contestant: name, imagesPerSecond: imagesPerSecond[at]! }),
        );
        say(`${net} ${operation}: measured on ${contestants.map(({ name }) => name).join('; ')}`);
      }
    }
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()));
  }
  const about = contestants.map(({ name, versions, threads, device }) => ({ name, versions, threads, device }));
  const markdown = enginesTables(rates, missing, processorTime);
  return { markdown, results: { batch: BATCH, contestants: about, rates, missing } };
}

/** Images a second of every contestant in every round; a measurement takes about so many seconds. */
async function rated(
  contestants: readonly Contestant[],
  { net, operation, rounds, seconds }: { net: BenchNet; operation: Operation; rounds: number; seconds: number },
): Promise<number[][]> {
  const batches = new Map<Contestant, number>();
  for (const contestant of contestants) {
    await contestant.timed(net, operation, 1); // the first passes compile and allocate
    const once = await contestant.timed(net, operation, 1);
    batches.set(contestant, Math.min(Math.max(Math.round(seconds / once), 2), 1000));
  }
  return interleaved(contestants, rounds, async (contestant) => {
    const count = batches.get(contestant)!;
    return (count * BATCH) / (await contestant.timed(net, operation, count));
  });
}
