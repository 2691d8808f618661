import { join } from 'node:path';
import pino from 'pino';
import { findService } from '../service/find-service.js';
import { startService, type Service } from '../service/start-service.js';
import { readRecipe } from '../recipe.js';
import type { CliSettings } from '../settings.js';
import { runRecipe } from './run-recipe.js';

/** Runs a recipe from nothing to its report: joins the Retort that runs, or starts one and ends it again. */
export async function demo(settings: CliSettings, recipe: string): Promise<void> {
  const spec = await readRecipe(recipe);
  const running = await findService(settings);
  if (running) process.stdout.write(`joining the Retort at ${running}\n`);
  const service = running ? undefined : await start(settings);
  const apiUrl = running ?? service!.apiUrl;
  const stop = once(async () => service?.stop());
  process.once('SIGINT', () => void stop().then(() => process.exit(130)));
  process.once('SIGTERM', () => void stop().then(() => process.exit(143)));
  try {
    const work = runRecipe(apiUrl, spec, {
      apiKey: settings.apiKey,
      reportFolder: join(settings.dataFolder, 'reports'),
    });
    const succeeded = await (service ? Promise.race([work, service.failed, drained(service)]) : work);
    if (!succeeded) process.exitCode = 1;
  } finally {
    await stop();
  }
  if (service) process.stdout.write('\n`npm start` keeps Retort up, with its dashboard, its API and their docs.\n');
}

async function start(settings: CliSettings): Promise<Service> {
  process.stdout.write('starting Postgres, Redis, the API and a worker …\n');
  return startService(settings, pino({ level: 'warn' }));
}

/** A demo does not wait for a worker that nobody starts. */
function drained({ workerDrained }: Service): Promise<never> {
  return workerDrained.then(() => Promise.reject(new Error('the worker was drained: nobody computes the rest')));
}

function once(work: () => Promise<void> | undefined): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= Promise.resolve(work()));
}
