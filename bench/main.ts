import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { architectureNames, engineNames, type Architecture, type EngineName } from '@retort/contracts';
import { describeMachine, load } from './measuring/machine.js';
import type { Part } from './part.js';
import { parts } from './parts.js';
import { peerEnvironment, PEERS_HELP } from './peers/environment.js';

const USAGE = `npm run bench -- [PART…] [--quick] [--net NAME] [--json FILE]

Measures the parts named, or all but those in brackets where none is, and prints tables in Markdown. Every ratio compares
measurements taken in turns in this run.

${list()}

--quick      fewer repeats of less
--net NAME   the net that is attacked, compact where it is not given: ${architectureNames.join(', ')}
--engine NAME  of engines, only this one, against PyTorch on one thread alone; more than once: each of them
--processor-time  of those, and of attacks on one thread alone, the processor's time in place of the clock's, for a machine
             that does other things too
--examples N how many examples parity attacks
--only WORD  of parity, only the comparisons whose name, net or measure holds the word, of attacks only those whose name
             does; more than once: all of them
--json FILE  where the numbers go as well; .retort/bench/results.json where it is not given
--list       this list

${PEERS_HELP}`;

async function main(): Promise<void> {
  const { chosen, json, help, ...options } = readArguments();
  if (help) return say(USAGE);
  const peers = peerEnvironment(process.env);
  if (!peers) say(`There will be no peers to compare with. ${PEERS_HELP}\n`);
  const folder = resolve(process.env.RETORT_DATA ?? '.retort');

  const started = new Date().toISOString();
  const before = load();
  const measured: Record<string, unknown> = {};
  for (const part of chosen) {
    say(`# ${part.name}: ${part.about}`);
    const { markdown, results } = await part.run({ ...options, peers, folder, say });
    measured[part.name] = results;
    say(`\n## ${part.name}\n\n${markdown}\n`);
  }
  const machine = describeMachine();
  const { processor, cores, memoryGiB, system, node } = machine;
  say(`${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}`);
  const after = load();
  say(`Load average over a minute: ${before.toFixed(2)} before, ${after.toFixed(2)} at the end`);

  const file = json ?? join(folder, 'bench', 'results.json');
  const run = { schema: 1, started, ended: new Date().toISOString(), ...options, machine, load: { before, after } };
  await mkdir(dirname(resolve(file)), { recursive: true });
  await writeFile(file, JSON.stringify({ ...run, parts: measured }, null, 2));
  say(`The same in JSON: ${file}`);
}

interface Arguments {
  readonly chosen: readonly Part[];
  readonly quick: boolean;
  readonly net: Architecture;
  readonly engines: readonly EngineName[];
  readonly processorTime: boolean;
  readonly examples: number | undefined;
  readonly only: readonly string[];
  readonly json: string | undefined;
  readonly help: boolean;
}

function readArguments(): Arguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      net: { type: 'string', default: 'compact' },
      engine: { type: 'string', multiple: true, default: [] },
      'processor-time': { type: 'boolean', default: false },
      examples: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}". The parts are:\n${list()}`);
  const net = architectureNames.find((name) => name === values.net);
  if (net === undefined) throw new Error(`--net is ${values.net}; use one of ${architectureNames.join(', ')}`);
  const engines = values.engine.map((given) => {
    const engine = engineNames.find((name) => name === given);
    if (engine === undefined) throw new Error(`--engine is ${given}; use one of ${engineNames.join(', ')}`);
    return engine;
  });
  const chosen = parts.filter(({ name, usual }) => (positionals.length > 0 ? positionals.includes(name) : usual));
  if (values['processor-time'] && engines.length === 0 && chosen.some(({ name }) => name === 'engines')) {
    throw new Error('--processor-time of engines needs --engine: of several threads it would be the sum');
  }
  const examples = values.examples === undefined ? undefined : Number(values.examples);
  if (examples !== undefined && !(Number.isInteger(examples) && examples > 0)) {
    throw new Error(`--examples is ${values.examples}; use a whole number from 1`);
  }
  return {
    chosen,
    quick: values.quick,
    net,
    engines,
    processorTime: values['processor-time'],
    examples,
    only: values.only,
    json: values.json,
    help: values.help || values.list,
  };
}

function list(): string {
  return parts.map(({ name, usual, about }) => `  ${usual ? name : `(${name})`}`.padEnd(14) + about).join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
