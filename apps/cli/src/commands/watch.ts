import type { RetortClient } from '@retort/client';
import { connect } from '../service/connect.js';
import type { CliSettings } from '../settings.js';
import { expectAnswer } from './expect-answer.js';
import { followExperiment } from './follow-experiment.js';
import { tellFindings } from './tell-findings.js';

/** Shows an experiment from its first event on, then what it found; the exit code is 0, 1 or 2. */
export async function watch(settings: CliSettings, id: string): Promise<void> {
  process.exitCode = 2;
  const client = await connect(settings);
  expectAnswer(await client.GET('/v1/experiments/{id}', { params: { path: { id } } }));
  await watchToEnd(client, id);
}

/** The same of an experiment that is known to be there: the exit code is 0 where every job succeeded, and otherwise 1. */
export async function watchToEnd(client: RetortClient, id: string): Promise<void> {
  await followExperiment(client, id);
  process.exitCode = (await tellFindings(client, id)) ? 0 : 1;
}
