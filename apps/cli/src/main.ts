#!/usr/bin/env node
import { Command } from 'commander';
import { fetchPublished, listDatasets } from './commands/datasets.js';
import { demo } from './commands/demo.js';
import type { InstallOptions } from './commands/engines.js';
import type { KeyChange, KeyOptions } from './commands/keys.js';
import { up } from './commands/up.js';
import { upload } from './commands/upload.js';
import { verify } from './commands/verify.js';
import { readSettings } from './settings.js';

// What takes long to load is loaded by the commands that need it.
const engineCommands = () => import('./commands/engines.js');
const keyCommands = () => import('./commands/keys.js');

const program = new Command('retort')
  .description("Finds out whether an image classifier's defence is real or only hides its gradient.")
  .showSuggestionAfterError()
  .showHelpAfterError('(--help says what there is)');

program
  .command('up')
  .description('start Postgres, Redis, the API and a worker on this machine, and keep them up')
  .action(() => up(readSettings(process.env)));

program
  .command('demo')
  .description('run a recipe from nothing to its report; joins a Retort that runs')
  .argument('[recipe]', 'a name in recipes/, or the path of a JSON file', 'song-2017-quick')
  .action((recipe: string) => demo(readSettings(process.env), recipe));

const engine = program
  .command('engine')
  .description('list the engines of this machine')
  .action(async () => (await engineCommands()).engines());
engine
  .command('install')
  .description('bring an engine to this machine: the first way that is open, or the one that you ask for')
  .argument('<name>', 'tfjs-node or webgpu')
  .option('--gpu', 'its build for NVIDIA GPUs')
  .option('--wheel [file]', 'from the official wheel of TensorFlow: one that you have, or one that pip brings')
  .option('--libtensorflow [folder]', 'from a libtensorflow of this machine: in this folder, or where one usually is')
  .action(async (name: string, options: InstallOptions) => (await engineCommands()).install(name, options));

const dataset = program.command('dataset').description('see which datasets are on this machine, and fetch others');
dataset
  .command('list')
  .description('list the published datasets, and check the files of those that are here')
  .action(() => listDatasets(readSettings(process.env)));
dataset
  .command('fetch')
  .description('bring a published dataset to this machine; run again, it goes on where it broke')
  .argument('<name>', 'such as fashion-mnist or cifar-10')
  .action((name: string) => fetchPublished(readSettings(process.env), name));

program
  .command('upload')
  .description('send a file to the Retort that runs, for specs to name')
  .argument('<file>', 'an .npz, .npy or idx file, or any other')
  .action((file: string) => upload(readSettings(process.env), file));

const key = program.command('key').description('make, change and revoke API keys, with the database itself');
key
  .command('create')
  .description('make an API key, and show its secret this once; the first one closes the service to all who have none')
  .argument('<name>', 'what it is called')
  .option('--scope <scopes...>', 'read, submit, admin', ['read', 'submit'])
  .option('--max-running <tasks>', 'tasks of its experiments that may run at once', Number)
  .option('--requests-per-minute <requests>', 'requests that it may make in a minute', Number)
  .option('--expires <time>', 'from when on it is refused, such as 2030-01-31T00:00:00Z')
  .action(async (name: string, options: KeyOptions) =>
    (await keyCommands()).createKey(readSettings(process.env), name, options),
  );
key
  .command('list')
  .description('list the API keys')
  .action(async () => (await keyCommands()).listKeys(readSettings(process.env)));
const orNone = (text: string) => (text === 'none' ? text : Number(text));
key
  .command('change')
  .description('change what an API key may do, from its next request on; what is left out stays')
  .argument('<id>', 'key_…')
  .option('--name <name>', 'what it is called')
  .option('--scope <scopes...>', 'read, submit, admin')
  .option('--max-running <tasks>', 'tasks of its experiments that may run at once, or none for no bound', orNone)
  .option('--requests-per-minute <requests>', 'requests that it may make in a minute, or none for no bound', orNone)
  .option('--expires <time>', 'from when on it is refused, or never')
  .action(async (id: string, options: KeyChange) =>
    (await keyCommands()).changeKey(readSettings(process.env), id, options),
  );
key
  .command('revoke')
  .description('take an API key back for good')
  .argument('<id>', 'key_…')
  .action(async (id: string) => (await keyCommands()).revokeKey(readSettings(process.env), id));

program
  .command('verify')
  .description('compute a job again and compare; exits with 0 if equal, 1 if it differs, 2 if it could not')
  .argument('<job>', 'the id of a job that has succeeded')
  .action((job: string) => verify(readSettings(process.env), job));

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode ||= 1;
});
