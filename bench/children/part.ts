import { availableParallelism } from 'node:os';
import { describeEngines } from '@retort/engine';
import { BATCH, OPERATIONS, type Operation } from '../engines/operations.js';
import { interleaved } from '../measuring/interleaved.js';
import { markdownTable } from '../measuring/markdown.js';
import { NodeProcess } from '../measuring/node-process.js';
import { ratioOf, short, spreadOf, written } from '../measuring/spread.js';
import type { Conditions, Findings, Part } from '../part.js';
import type { Answer, Request } from './child.js';

/** The net that children compute with. */
const NET = 'A';
/** About how long one measurement takes, in seconds: much longer than the clock, and than a garbage collection. */
const SECONDS = 1;
/** Batches of each operation by which the memory peak is taken. */
const PEAK_BATCHES = 4;

export const children: Part = {
  name: 'children',
  about: 'start-up and memory peak of a compute child, and what more children or more threads bring',
  usual: true,
  run: measureChildren,
};

/** Some processes that compute at the same time. */
interface Team {
  readonly name: string;
  readonly members: readonly Child[];
}

type Child = NodeProcess<Request, Answer>;

interface Start {
  readonly engine: string;
  readonly seconds: readonly number[];
  readonly startedMiB: number;
  /** The peak after some batches of each operation, in the order in which they ran. */
  readonly peakMiB: Readonly<Record<string, number>>;
}

interface Scaling {
  readonly engine: string;
  readonly operation: Operation;
  readonly team: string;
  readonly imagesPerSecond: readonly number[];
}

async function measureChildren({ quick, say }: Conditions): Promise<Findings> {
  const rounds = quick ? 3 : 7;
  const starts: Start[] = [];
  const scalings: Scaling[] = [];
  for (const report of await describeEngines()) {
    if (!report.usable || report.name === 'cpu') continue;
    const { name: engine } = report;
    starts.push(await startOf(engine, rounds));
    say(`${engine}: start and memory measured`);
    scalings.push(...(await scalingOf(engine, rounds)));
    say(`${engine}: scaling measured`);
  }
  return {
    markdown: `${startsTable(starts)}\n\n${scalingTable(scalings)}`,
    results: { batch: BATCH, starts, scalings },
  };
}

/** Seconds from the fork of a child to an engine that has passed its self-check, and the memory that it then comes to hold. */
async function startOf(engine: string, rounds: number): Promise<Start> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    const child = childOf(engine, 1);
    await child.ask('start');
    seconds.push((performance.now() - begun) / 1000);
    await child.close();
  }
  const child = childOf(engine, 1);
  const { peakMiB: startedMiB } = await child.ask('start');
  const peakMiB: Record<string, number> = {};
  for (const operation of OPERATIONS.toReversed()) {
    peakMiB[operation] = (await child.ask({ net: NET, operation, batches: PEAK_BATCHES })).peakMiB;
  }
  await child.close();
  return { engine, seconds, startedMiB, peakMiB };
}

async function scalingOf(engine: string, rounds: number): Promise<Scaling[]> {
  const cores = availableParallelism();
  const alone: Team = { name: ALONE, members: [childOf(engine, 1)] };
  const together: Team = {
    name: `${cores} children of one thread, together`,
    members: Array.from({ length: cores }, () => childOf(engine, 1)),
  };
  const threaded = childOf(engine, cores);
  const teams = [alone, together];
  if ((await threaded.ask('start')).engine.threads === cores && cores > 1) {
    teams.push({ name: `one child of ${cores} threads`, members: [threaded] });
  }
  try {
    const found: Scaling[] = [];
    for (const operation of OPERATIONS) {
      await Promise.all(teams.map((team) => rateOf(team, operation, 2))); // the first passes compile and allocate
      const batches = Math.max(2, Math.round((SECONDS * (await rateOf(alone, operation, 2))) / BATCH));
      const rates = await interleaved(teams, rounds, (team) => rateOf(team, operation, batches));
      teams.forEach(({ name }, at) => found.push({ engine, operation, team: name, imagesPerSecond: rates[at]! }));
    }
    return found;
  } finally {
    await Promise.all([...alone.members, ...together.members, threaded].map((child) => child.close()));
  }
}

const ALONE = 'one child of one thread';

/** Images a second of all members of a team that begin at the same time, up to the end of the last. */
async function rateOf({ members }: Team, operation: Operation, batches: number): Promise<number> {
  const answers = await Promise.all(members.map((member) => member.ask({ net: NET, operation, batches })));
  return (members.length * batches * BATCH) / Math.max(...answers.map(({ seconds }) => seconds));
}

function childOf(engine: string, threads: number): Child {
  return new NodeProcess<Request, Answer>('children/child.js', [engine, String(threads)]);
}

function startsTable(starts: readonly Start[]): string {
  const rows = starts.map(({ engine, seconds, startedMiB, peakMiB }) => {
    const { median, lower, upper } = spreadOf(seconds);
    const peaks = OPERATIONS.toReversed().map((operation) => short(peakMiB[operation]!));
    return [engine, `${short(median)} [${short(lower)}, ${short(upper)}]`, short(startedMiB), ...peaks];
  });
  const head = ['engine', 'start, s', 'MiB after it', 'then forward', 'then input gradient', 'then train'];
  return `### A compute child\n\nPeaks of memory, net ${NET}, batches of ${BATCH}.\n\n${markdownTable(head, rows)}`;
}

function scalingTable(scalings: readonly Scaling[]): string {
  const engines = [...new Set(scalings.map(({ engine }) => engine))];
  const rows = engines.flatMap((engine) => {
    const own = scalings.filter((scaling) => scaling.engine === engine);
    return [...new Set(own.map(({ team }) => team))].map((team) => [
      engine,
      team,
      ...OPERATIONS.flatMap((operation) => {
        const of = (name: string) =>
          own.find((scaling) => scaling.operation === operation && scaling.team === name)!.imagesPerSecond;
        const rate = short(spreadOf(of(team)).median);
        return [rate, team === ALONE ? '1' : written(ratioOf(of(team), of(ALONE)))];
      }),
    ]);
  });
  const head = ['engine', '', ...OPERATIONS.flatMap((operation) => [operation, 'of one child'])];
  return `### Children and threads\n\nImages a second, net ${NET}, batches of ${BATCH}.\n\n${markdownTable(head, rows)}`;
}
