#!/usr/bin/env node
import { Command } from 'commander';
import { demo } from './commands/demo.js';
import { engines } from './commands/engines.js';
import { up } from './commands/up.js';
import { readSettings } from './settings.js';

const program = new Command('retort')
  .description("Finds out whether an image classifier's defence is real or only hides its gradient.")
  .showSuggestionAfterError();

program
  .command('up')
  .description('start Postgres, Redis, the API and a worker on this machine, and keep them up')
  .action(() => up(readSettings(process.env)));

program
  .command('demo')
  .description('run a recipe from nothing to its report; joins a Retort that runs')
  .argument('[recipe]', 'a name in recipes/, or the path of a JSON file', 'song-2017-quick')
  .action((recipe: string) => demo(readSettings(process.env), recipe));

program.command('engine').description('list the engines of this machine').action(engines);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
