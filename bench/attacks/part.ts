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
import { racesOf, type Race } from './races.js';
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
  /** Whether the processor's time is measured, on one thread alone. */
  readonly processorTime: boolean;
}

/** How many times as long as a measurement a warm-up lasts: V8 takes seconds to compile what is hot. */
const WARM_UP = 4;

/** How often everything is measured. */
interface Effort {
  readonly rounds: number;
  /** What takes longer, in seconds, is measured once. */
  readonly patience: number;
  /** For how many seconds a measurement goes on: its attack is repeated, and the mean counts. */
  readonly least: number;
}

async function measureAttacks(conditions: Conditions): Promise<Findings> {
  const { quick, net, only, processorTime, peers: environment, folder, say } = conditions;
  const chosen = racesOf(only);
  const cores = availableParallelism();
  const home = join(folder, 'parity');
  const engine = process.env.RETORT_ENGINE || 'wasm';
  await startEngine({ force: engine });
  const most = Math.max(...chosen.map(({ examples }) => examples));
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
    for (const threads of environment ? new Set(threadsOf(conditions)) : []) {
      const exchange = join(home, `exchange-${threads}`);
      peers.set(threads, await Peers.start([subject], { environment: environment!, folder: exchange, threads }));
    }
    const field = { subject, retort, peers, processorTime };
    // A larger net takes so much longer a gradient that a quarter of the examples are enough.
    const share = (quick ? 1 / 4 : 1) * (net === 'compact' ? 1 : 1 / 4);
    for (const race of chosen) {
      const effort = quick ? { rounds: 2, patience: 3, least: 0.5 } : { rounds: 3, patience: 15, least: 1 };
      entries.push(...(await run({ ...race, examples: Math.ceil(race.examples * share) }, field, effort)));
      say(`${race.comparison.name}: measured`);
    }
  } finally {
    await Promise.all([retort.close(), ...[...peers.values()].map((each) => each.close())]);
  }
  const missing = environment ? '' : `\n\nNo peers were measured. ${PEERS_HELP}`;
  const about = { net, testAccuracy: subject.testAccuracy, engine: retort.engine, processes: cores };
  const measured = processorTime ? (['oneThread'] as const) : undefined;
  const heading = `${net}, ${(100 * subject.testAccuracy).toFixed(2)} % of the test images right; Retort on ${engine}, ${
    processorTime ? 'seconds of the processor' : `${cores} processes`
  }.`;
  return { markdown: `${heading}\n\n${attacksTables(entries, measured)}${missing}`, results: { ...about, entries } };
}

/** With all cores and with one thread; with one alone where the processor's time counts, which is the sum over all cores. */
function threadsOf({ processorTime }: { processorTime: boolean }): number[] {
  return processorTime ? [1] : [availableParallelism(), 1];
}

/** Attacks with every library, on all cores and on one thread, in turns. */
async function run(race: Race, field: Field, { rounds, patience, least }: Effort): Promise<Entry[]> {
  const { comparison, examples } = race;
  const libraries = [undefined, ...(field.peers.size > 0 ? comparison.peers : [])];
  const contestants = libraries.flatMap((peer) => threadsOf(field).map((threads) => ({ peer, threads })));
  const tooSlow = new Set<unknown>();
  const warm = new Set<unknown>();
  // What is compiled and allocated in a first round is no part of an attack: it counts only for what is measured once.
  const repeats = await interleaved(contestants, 1 + rounds, async (contestant) => {
    if (tooSlow.has(contestant)) return undefined;
    const outcome = await repeated(warm.has(contestant) ? least : WARM_UP * least, () =>
      attack(race, field, contestant),
    );
    warm.add(contestant);
    if ('error' in outcome || outcome.seconds > patience) tooSlow.add(contestant);
    return outcome;
  });
  const outcomes = repeats.map((each) => {
    const measured = each.filter((outcome) => outcome !== undefined);
    return measured.length > 1 ? measured.slice(1) : measured;
  });
  const attacked = firstOf(field.subject, examples);
  return libraries.map((peer, at) => {
    const own = outcomes.slice(at * threadsOf(field).length, (at + 1) * threadsOf(field).length);
    const [onOneThread, onAllCores = []] = own.reverse() as [(Outcome | Failure)[], (Outcome | Failure)[]?];
    return {
      comparison,
      library: peer?.library ?? 'retort',
      attack: peer?.attack ?? comparison.ours.attack,
      reached: measure(comparison, attacked, onOneThread[0]!),
      allCores: seconds(onAllCores),
      oneThread: seconds(onOneThread),
    };
  });
}

/** What an attack gave at first, with the mean of its seconds over some repeats: the shortest last a few milliseconds. */
async function repeated(least: number, attack: () => Promise<Outcome | Failure>): Promise<Outcome | Failure> {
  const first = await attack();
  let [last, total, repeats]: [Outcome | Failure, number, number] = [first, 0, 0];
  while (!('error' in last)) {
    total += last.seconds;
    repeats++;
    if (total >= least) return { ...(first as Outcome), seconds: total / repeats };
    last = await attack();
  }
  return last;
}

async function attack(
  { comparison, examples }: Race,
  { retort, peers, processorTime }: Field,
  { peer, threads }: { peer: PeerAttack | undefined; threads: number },
): Promise<Outcome | Failure> {
  if (peer) return peers.get(threads)!.attack(comparison, peer, examples, { processorTime });
  return retort.attack(comparison, examples, { processes: threads, processorTime });
}

function seconds(outcomes: readonly (Outcome | Failure)[]): number[] {
  return outcomes.flatMap((outcome) => ('error' in outcome ? [] : [outcome.seconds]));
}
