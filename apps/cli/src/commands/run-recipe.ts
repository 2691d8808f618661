import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRetortClient, watchExperiment, type RetortClient } from '@retort/client';
import { progressView } from '../terminal/progress.js';
import { resultsTable } from '../terminal/results-table.js';
import { expectAnswer } from './expect-answer.js';
import { tellWaits } from './tell-waits.js';

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

  await follow(client, id);

  const path = { params: { path: { id } } };
  const summary = expectAnswer(await client.GET('/v1/experiments/{id}/summary', path));
  print(`\n${resultsTable(summary)}\n`);
  print(`${summary.sentence.shows}\n`);
  print(`${summary.sentence.does_not_show}\n`);
  for (const gap of summary.gaps) print(`no result: ${gap.name} ${gap.status}: ${gap.detail ?? gap.reason ?? ''}`);
  for (const fallback of summary.fallbacks) print(`otherwise than asked: ${fallback}`);
  print(`report: ${await saveReport(client, id, reportFolder)}`);
  return summary.experiment.status === 'succeeded';
}

/** Shows what happens until the experiment has finished; a cut connection is taken up again where it broke. */
async function follow(client: RetortClient, id: string): Promise<void> {
  const view = progressView(process.stdout);
  const names = new Map<string, string>();
  const done = new AbortController();
  const waits = tellWaits(client, id, { tell: view.note, signal: done.signal });
  try {
    for await (const event of watchExperiment(client, id)) {
      if (event.job_id && typeof event.data.name === 'string') names.set(event.job_id, event.data.name);
      view.show(event, names.get(event.job_id ?? '') ?? '');
    }
  } finally {
    done.abort();
    await waits;
    view.close();
  }
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
