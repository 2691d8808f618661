#!/usr/bin/env node
import { Command, Option } from 'commander';
import { fetchPublished, listDatasets } from './commands/datasets.js';
import { demo } from './commands/demo.js';
import type { InstallOptions } from './commands/engines.js';
import type { KeyChange, KeyOptions } from './commands/keys.js';
import { report, type ReportOptions } from './commands/report.js';
import { retry, submit, type SubmitOptions } from './commands/submit.js';
import { up } from './commands/up.js';
import { upload } from './commands/upload.js';
import { verify } from './commands/verify.js';
import { watch } from './commands/watch.js';
import { readSettings } from './settings.js';

// What takes long to load is loaded by the commands that need it.
const engineCommands = () => import('./commands/engines.js');
const keyCommands = () => import('./commands/keys.js');

const program = new Command('retort')
  .description("Finds out whether an image classifier's defence is real or only hides its gradient.")
  .showSuggestionAfterError()
  .showHelpAfterError('(--help says what there is)')
  // A command that is written wrongly is told apart from one that found a failure.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .option('--url <address>', 'the Retort to ask; RETORT_API_URL, or the one that runs here, where left out')
  .addHelpText('after', '\nRETORT_API_KEY is the API key to ask with.');

const settings = () => {
  const { url } = program.opts<{ url?: string }>();
  return readSettings({ ...process.env, ...(url !== undefined && { RETORT_API_URL: url }) });
};

program
  .command('up')
  .description('start Postgres, Redis, the API and a worker on this machine, and keep them up')
  .action(() => up(settings()));

program
  .command('demo')
  .description('run a recipe from nothing to its report; joins a Retort that runs')
  .argument('[recipe]', 'a name in recipes/, or the path of a JSON file', 'song-2017-quick')
  .action((recipe: string) => demo(settings(), recipe));

const watching = ['--watch', 'show its progress and what it found, until it has finished'] as const;
const exits = 'exits with 0 if every job succeeded, 1 if one failed or was cancelled, 2 if it could not be asked.';

program
  .command('submit')
  .description('send an experiment to a Retort, and print its id')
  .argument('<config>', 'the path of a JSON or YAML file, - for standard input, or a name in recipes/')
  .option(...watching)
  .option(
    '--idempotency-key <key>',
    'any text of yours: sent again with the same config, it makes no second experiment',
  )
  .addHelpText('after', `\nWith --watch it ${exits}`)
  .action((config: string, options: SubmitOptions) => submit(settings(), config, options));

program
  .command('retry')
  .description('compute again what failed or was cancelled in an experiment, as a new one, and print its id')
  .argument('<experiment>', 'the id of an experiment that has finished')
  .option(...watching)
  .option('--idempotency-key <key>', 'any text of yours: sent again for the same experiment, it makes no second one')
  .addHelpText('after', `\nWith --watch it ${exits}`)
  .action((experiment: string, options: SubmitOptions) => retry(settings(), experiment, options));

program
  .command('watch')
  .description('show the progress of an experiment and what it found; ending this does not end the experiment')
  .argument('<experiment>', 'its id')
  .addHelpText('after', `\nIt ${exits}`)
  .action((experiment: string) => watch(settings(), experiment));

program
  .command('report')
  .description('get what an experiment has found, as far as it has come')
  .argument('<experiment>', 'its id')
  .addOption(new Option('--format <format>', 'its form').choices(['html', 'json', 'text']).default('html'))
  .option('--output <file>', 'where to write it; standard output where left out')
  .action((experiment: string, options: ReportOptions) => report(settings(), experiment, options));

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
  .action(() => listDatasets(settings()));
dataset
  .command('fetch')
  .description('bring a published dataset to this machine; run again, it goes on where it broke')
  .argument('<name>', 'such as fashion-mnist or cifar-10')
  .action((name: string) => fetchPublished(settings(), name));

program
  .command('upload')
  .description('send a file to the Retort that runs, for specs to name')
  .argument('<file>', 'an .npz, .npy or idx file, or any other')
  .action((file: string) => upload(settings(), file));

const key = program.command('key').description('make, change and revoke API keys, with the database itself');
key
  .command('create')
  .description('make an API key, and show its secret this once; the first one closes the service to all who have none')
  .argument('<name>', 'what it is called')
  .option('--scope <scopes...>', 'read, submit, admin', ['read', 'submit'])
  .option('--max-running <tasks>', 'tasks of its experiments that may run at once', Number)
  .option('--requests-per-minute <requests>', 'requests that it may make in a minute', Number)
  .option('--expires <time>', 'from when on it is refused, such as 2030-01-31T00:00:00Z')
  .action(async (name: string, options: KeyOptions) => (await keyCommands()).createKey(settings(), name, options));
key
  .command('list')
  .description('list the API keys')
  .action(async () => (await keyCommands()).listKeys(settings()));
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
  .action(async (id: string, options: KeyChange) => (await keyCommands()).changeKey(settings(), id, options));
key
  .command('revoke')
  .description('take an API key back for good')
  .argument('<id>', 'key_…')
  .action(async (id: string) => (await keyCommands()).revokeKey(settings(), id));

program
  .command('verify')
  .description('compute a job again and compare; exits with 0 if equal, 1 if it differs, 2 if it could not')
  .argument('<job>', 'the id of a job that has succeeded')
  .action((job: string) => verify(settings(), job));

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode ||= 1;
});
