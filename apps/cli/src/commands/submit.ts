import type { components, RetortClient } from '@retort/client';
import { readRecipe } from '../recipe.js';
import { connect } from '../service/connect.js';
import type { CliSettings } from '../settings.js';
import { expectAnswer } from './expect-answer.js';
import { watchToEnd } from './watch.js';

/** Of a submission, and of a retry. */
export interface SubmitOptions {
  readonly watch?: boolean;
  readonly idempotencyKey?: string;
}

type Answer = { data?: components['schemas']['Experiment']; error?: unknown; response: Response };

/** Sends an experiment, prints its id, and watches it where that is asked for; the exit code is 2 where it is refused. */
export async function submit(settings: CliSettings, config: string, options: SubmitOptions): Promise<void> {
  process.exitCode = 2;
  const spec = await readRecipe(config);
  const client = await connect(settings);
  const params = { header: headersOf(options) };
  await accept(client, await client.POST('/v1/experiments', { params, body: spec as never }), options);
}

/** The same with what an experiment that has finished left without success. */
export async function retry(settings: CliSettings, id: string, options: SubmitOptions): Promise<void> {
  process.exitCode = 2;
  const client = await connect(settings);
  const params = { path: { id }, header: headersOf(options) };
  await accept(client, await client.POST('/v1/experiments/{id}/retry', { params }), options);
}

function headersOf({ idempotencyKey }: SubmitOptions): { 'Idempotency-Key'?: string } {
  return idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
}

/** The id goes to standard output, alone, for a script to read; what is for people to standard error. */
async function accept(client: RetortClient, answer: Answer, { watch }: SubmitOptions): Promise<void> {
  const { id, jobs } = expectAnswer(answer);
  process.stdout.write(`${id}\n`);
  const replayed = answer.response.headers.has('idempotency-replayed') ? 'made by an earlier request; ' : '';
  tell(`${replayed}${jobs.total} jobs, ${jobs.reused} of them reused; ${client.baseUrl}/#/experiments/${id}`);
  process.exitCode = 0;
  if (watch) {
    process.exitCode = 2;
    await watchToEnd(client, id);
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
