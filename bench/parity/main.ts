import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { architectureNames, type Architecture } from '@retort/contracts';
import { peerEnvironment, PEERS_HELP } from '../peers/environment.js';
import { compareWithPeers, type ParityOptions } from './compare-with-peers.js';
import { table } from './table.js';

const USAGE = `npm run bench:parity -- [--architecture ${architectureNames.join('|')}] [--examples 100] [--only WORD]…

Runs Retort's attacks and those of other libraries on the same nets and images, and prints one table.
--only keeps the comparisons whose name, net or measure holds the word.

${PEERS_HELP}`;

async function main(): Promise<void> {
  const { help, ...options } = readArguments();
  if (help) return say(USAGE);
  const peers = peerEnvironment(process.env);
  if (peers === undefined) say(`Only Retort's own attacks are measured: no peers are named. ${PEERS_HELP}\n`);

  const folder = resolve(process.env.RETORT_DATA ?? '.retort');
  const { rows, file } = await compareWithPeers(options, { peers, folder, say });
  say(`\n${table(rows)}\n\nThe same in JSON: ${file}`);
}

function readArguments(): ParityOptions & { help: boolean } {
  const { values } = parseArgs({
    options: {
      architecture: { type: 'string', default: 'compact' },
      examples: { type: 'string', default: '100' },
      only: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  const architecture: Architecture | undefined = architectureNames.find((name) => name === values.architecture);
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
