import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { architectureNames, type Architecture } from '@retort/contracts';
import { startEngine } from '@retort/engine';
import type { Run } from './comparison.js';
import { comparisons } from './comparisons.js';
import { measure } from './measurement.js';
import { subjects } from './nets.js';
import { attackWithPeers, peerEnvironment, PEERS_HELP } from './peers.js';
import { attackWithRetort } from './retort.js';
import { line, table, type Row } from './table.js';

const USAGE = `npm run bench:parity -- [--architecture ${architectureNames.join('|')}] [--examples 100] [--only WORD]…

Runs Retort's attacks and those of other libraries on the same nets and images, and prints one table.
--only keeps the comparisons whose name, net or measure holds the word.

${PEERS_HELP}`;

async function main(): Promise<void> {
  const { architecture, examples, only, help } = readArguments();
  if (help) return say(USAGE);
  const environment = peerEnvironment(process.env);
  if (environment === undefined) say(`Only Retort's own attacks are measured: no peers are named. ${PEERS_HELP}\n`);

  const chosen = comparisons.filter(({ name, net, measure }) =>
    only.every((word) => `${name} ${net} ${measure}`.toLowerCase().includes(word.toLowerCase())),
  );
  if (chosen.length === 0) throw new Error(`no comparison holds ${only.join(' and ')}`);
  const { description } = await startEngine({ force: process.env.RETORT_ENGINE ?? 'wasm' });
  const folder = resolve(process.env.RETORT_DATA ?? '.retort', 'parity');
  const nets = await subjects(architecture, [...new Set(chosen.map(({ net }) => net))], examples, folder);
  for (const { name, testAccuracy } of nets) {
    say(`${architecture} ${name}: ${(100 * testAccuracy).toFixed(2)} % of the test images right`);
  }

  const rows: Row[] = [];
  const keep = ({ outcome, ...run }: Run): void => {
    const subject = nets.find(({ name }) => name === run.comparison.net)!;
    rows.push({ ...run, measurement: measure(run.comparison, subject, outcome) });
    say(line(rows.at(-1)!));
  };
  for (const comparison of chosen) {
    const subject = nets.find(({ name }) => name === comparison.net)!;
    const outcome = await attackWithRetort(comparison, subject);
    keep({ comparison, library: 'retort', attack: comparison.ours.attack, outcome });
  }
  if (environment) await attackWithPeers(chosen, nets, { environment, folder: join(folder, 'exchange'), onRun: keep });

  await mkdir(folder, { recursive: true });
  const results = join(folder, `${architecture}.json`);
  const accuracies = nets.map(({ name, testAccuracy }) => ({ name, testAccuracy }));
  await writeFile(results, JSON.stringify({ architecture, engine: description, nets: accuracies, rows }, null, 2));
  say(`\n${table(chosen, rows)}\n\nThe same in JSON: ${results}`);
}

function readArguments(): { architecture: Architecture; examples: number; only: string[]; help: boolean } {
  const { values } = parseArgs({
    options: {
      architecture: { type: 'string', default: 'compact' },
      examples: { type: 'string', default: '100' },
      only: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  const architecture = architectureNames.find((name) => name === values.architecture);
  if (architecture === undefined) {
    throw new Error(`--architecture is ${values.architecture}; use one of ${architectureNames.join(', ')}`);
  }
  const examples = Number(values.examples);
  if (!(Number.isInteger(examples) && examples > 0)) {
    throw new Error(`--examples is ${values.examples}; use a whole number from 1`);
  }
  return { architecture, examples, only: values.only, help: values.help };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
