import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRetortClient, type RetortClient } from '@retort/client';
import { expectAnswer } from './expect-answer.js';
import { followExperiment } from './follow-experiment.js';
import { tellFindings } from './tell-findings.js';

/**
 * Submits a spec as any user would, over HTTP, shows its progress, prints its results and saves its report.
 *
 * @returns whether every job succeeded
 */
export async function runRecipe(
  apiUrl: string,
  spec: unknown,
  { apiKey, reportFolder }: { apiKey?: string; reportFolder: string },
): Promise<boolean> {
  const client = createRetortClient(apiUrl, { apiKey });
  const experiment = expectAnswer(await client.POST('/v1/experiments', { body: spec as never }));
  const { id, jobs } = experiment;
  const reused = jobs.reused ? `; ${jobs.reused} are reused: equal jobs have succeeded before` : '';
  print(`experiment ${id}: ${jobs.total} jobs${reused}`);
  print(`dashboard: ${apiUrl}/#/experiments/${id}\n`);

  await followExperiment(client, id);

  const succeeded = await tellFindings(client, id);
  print(`report: ${await saveReport(client, id, reportFolder)}`);
  return succeeded;
}

async function saveReport(client: RetortClient, id: string, folder: string): Promise<string> {
  const path = { params: { path: { id } }, parseAs: 'text' as const };
  const html = expectAnswer(await client.GET('/v1/experiments/{id}/report', path));
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${id}.html`);
  await writeFile(file, html);
  return file;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
