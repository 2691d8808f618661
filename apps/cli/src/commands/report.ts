import { writeFile } from 'node:fs/promises';
import type { RetortClient } from '@retort/client';
import { connect } from '../service/connect.js';
import type { CliSettings } from '../settings.js';
import { expectAnswer } from './expect-answer.js';
import { findingsText } from './tell-findings.js';

export interface ReportOptions {
  readonly format: 'html' | 'json' | 'text';
  readonly output?: string;
}

/** Gets what an experiment has found and writes it; the exit code is 2 where it cannot. */
export async function report(settings: CliSettings, id: string, { format, output }: ReportOptions): Promise<void> {
  process.exitCode = 2;
  const text = await forms[format](await connect(settings), id);
  if (output === undefined) process.stdout.write(text);
  else {
    await writeFile(output, text).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`${output} cannot be written (${error.code}): name a file in a folder that is there`);
    });
  }
  process.exitCode = 0;
}

const forms: Record<ReportOptions['format'], (client: RetortClient, id: string) => Promise<string>> = {
  html: async (client, id) => {
    const path = { params: { path: { id } }, parseAs: 'text' as const };
    return expectAnswer(await client.GET('/v1/experiments/{id}/report', path));
  },
  json: async (client, id) => `${JSON.stringify(await summaryOf(client, id), null, 2)}\n`,
  text: async (client, id) => findingsText(await summaryOf(client, id)),
};

async function summaryOf(client: RetortClient, id: string) {
  return expectAnswer(await client.GET('/v1/experiments/{id}/summary', { params: { path: { id } } }));
}
