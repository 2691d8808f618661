import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '@retort/engine';
import { interleaved } from '../measuring/interleaved.js';
import type { Failure, Outcome, PeerAttack } from '../parity/comparison.js';
import { measure } from '../parity/measurement.js';
import { firstOf, subjects, type Subject } from '../parity/nets.js';
import { Peers } from '../parity/peers.js';
import type { Conditions, Findings, Part } from '../part.js';
import { PEERS_HELP } from '../peers/environment.js';
import { races, type Race } from './races.js';
import { Retort } from './retort.js';
import { attacksTables, type Entry } from './tables.js';

export const attacks: Part = {
  name: 'attacks',
  about: "Retort's attacks against those of other libraries, with all cores and with one thread, at equal strength",
  usual: true,
  run: measureAttacks,
};

/** Everyone who attacks, each in processes of its own. */
interface Field {
  readonly subject: Subject;
  readonly retort: Retort;
  /** PyTorch's processes, by how many threads they have; none where there are no peers. */
  readonly peers: ReadonlyMap<number, Peers>;
}

/** How often everything is measured. */
interface Effort {
  readonly rounds: number;
  /** What takes longer, in seconds, is measured once. */
  readonly patience: number;
}

async function measureAttacks({ quick, net, peers: environment, folder, say }: Conditions): Promise<Findings> {
  const cores = availableParallelism();
  const home = join(folder, 'parity');
  const engine = process.env.RETORT_ENGINE || 'wasm';
  await startEngine({ force: engine });
  const most = Math.max(...races.map(({ examples }) => examples));
  const [subject] = (await subjects(net, ['standard'], most, home)) as [Subject];
  const retort = await Retort.start(cores, {
    engine,
    weights: subject.weights,
    images: subject.images,
    labels: subject.labels,
  });
  const peers = new Map<number, Peers>();
  const entries: Entry[] = [];
  try {
    for (const threads of environment ? new Set([cores, 1]) : []) {
      const exchange = join(home, `exchange-${threads}`);
      peers.set(threads, await Peers.start([subject], { environment: environment!, folder: exchange, threads }));
    }
    const field = { subject, retort, peers };
    // What is compiled and allocated in the first passes is no part of an attack.
    await run(races[0]!, field, { rounds: 1, patience: Infinity });
    // A larger net takes so much longer a gradient that a quarter of the examples are enough.
    const share = (quick ? 1 / 4 : 1) * (net === 'compact' ? 1 : 1 / 4);
    for (const race of races) {
      const effort = quick ? { rounds: 2, patience: 3 } : { rounds: 3, patience: 15 };
      entries.push(...(await run({ ...race, examples: Math.ceil(race.examples * share) }, field, effort)));
      say(`${race.comparison.name}: measured`);
    }
  } finally {
    await Promise.all([retort.close(), ...[...peers.values()].map((each) => each.close())]);
  }
  const missing = environment ? '' : `\n\nNo peers were measured. ${PEERS_HELP}`;
  const about = { net, testAccuracy: subject.testAccuracy, engine: retort.engine, processes: cores };
  const heading = `${net}, ${(100 * subject.testAccuracy).toFixed(2)} % of the test images right; Retort on ${engine}, ${cores} processes.`;
  return { markdown: `${heading}\n\n${attacksTables(entries)}${missing}`, results: { ...about, entries } };
}

/** Attacks with every library, on all cores and on one thread, in turns. */
async function run(race: Race, field: Field, { rounds, patience }: Effort): Promise<Entry[]> {
  const { comparison, examples } = race;
  const libraries = [undefined, ...(field.peers.size > 0 ? comparison.peers : [])];
  const contestants = libraries.flatMap((peer) => [
    { peer, threads: availableParallelism() },
    { peer, threads: 1 },
  ]);
  const tooSlow = new Set<unknown>();
  const repeats = await interleaved(contestants, rounds, async (contestant) => {
    if (tooSlow.has(contestant)) return undefined;
    const outcome = await attack(race, field, contestant);
    if ('error' in outcome || outcome.seconds > patience) tooSlow.add(contestant);
    return outcome;
  });
  const outcomes = repeats.map((each) => each.filter((outcome) => outcome !== undefined));
  const attacked = firstOf(field.subject, examples);
  return libraries.map((peer, at) => {
    const [onAllCores, onOneThread] = [outcomes[2 * at]!, outcomes[2 * at + 1]!];
    return {
      comparison,
      library: peer?.library ?? 'retort',
      attack: peer?.attack ?? comparison.ours.attack,
      reached: measure(comparison, attacked, onAllCores[0]!),
      allCores: seconds(onAllCores),
      oneThread: seconds(onOneThread),
    };
  });
}

async function attack(
  { comparison, examples }: Race,
  { retort, peers }: Field,
  { peer, threads }: { peer: PeerAttack | undefined; threads: number },
): Promise<Outcome | Failure> {
  if (peer) return peers.get(threads)!.attack(comparison, peer, examples);
  return retort.attack(comparison, examples, threads);
}

function seconds(outcomes: readonly (Outcome | Failure)[]): number[] {
  return outcomes.flatMap((outcome) => ('error' in outcome ? [] : [outcome.seconds]));
}
