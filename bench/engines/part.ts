import { availableParallelism } from 'node:os';
import { interleaved } from '../measuring/interleaved.js';
import type { Conditions, Findings, Part } from '../part.js';
import { PEERS_HELP } from '../peers/environment.js';
import { engineContestants, torchContestant, type Contestant } from './contestant.js';
import { benchNets, type BenchNet } from './nets.js';
import { BATCH, OPERATIONS, type Operation } from './operations.js';
import { enginesTables, type Rate } from './tables.js';

/** About how long one measurement takes, in seconds: much longer than the clock, and than a garbage collection. */
const SECONDS = 1;

export const engines: Part = {
  name: 'engines',
  about: 'training, input gradient and forward of every engine, against PyTorch on one thread and on all cores',
  usual: true,
  run: measureEngines,
};

async function measureEngines({ quick, peers, say }: Conditions): Promise<Findings> {
  const { contestants, missing } = await engineContestants();
  if (peers) {
    for (const threads of new Set([1, availableParallelism()])) contestants.push(await torchContestant(peers, threads));
  } else {
    missing.push(`PyTorch: ${PEERS_HELP}`);
  }
  const rates: Rate[] = [];
  try {
    for (const net of Object.keys(benchNets) as BenchNet[]) {
      for (const operation of OPERATIONS) {
        const imagesPerSecond = await rated(contestants, net, operation, quick ? 3 : 7);
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
  return { markdown: enginesTables(rates, missing), results: { batch: BATCH, contestants: about, rates, missing } };
}

/** Images a second of every contestant in every round. */
async function rated(
  contestants: readonly Contestant[],
  net: BenchNet,
  operation: Operation,
  rounds: number,
): Promise<number[][]> {
  const batches = new Map<Contestant, number>();
  for (const contestant of contestants) {
    await contestant.timed(net, operation, 2); // the first passes compile and allocate
    const seconds = await contestant.timed(net, operation, 2);
    batches.set(contestant, Math.min(Math.max(Math.round((2 * SECONDS) / seconds), 2), 1000));
  }
  return interleaved(contestants, rounds, async (contestant) => {
    const count = batches.get(contestant)!;
    return (count * BATCH) / (await contestant.timed(net, operation, count));
  });
}
