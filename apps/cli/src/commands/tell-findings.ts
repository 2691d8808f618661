import type { RetortClient } from '@retort/client';
import type { Summary } from '@retort/report';
import { resultsTable } from '../terminal/results-table.js';
import { expectAnswer } from './expect-answer.js';

/**
 * Prints what an experiment has found.
 *
 * @returns whether every job succeeded
 */
export async function tellFindings(client: RetortClient, id: string): Promise<boolean> {
  const summary = expectAnswer(await client.GET('/v1/experiments/{id}/summary', { params: { path: { id } } }));
  process.stdout.write(`\n${findingsText(summary)}`);
  return summary.experiment.status === 'succeeded';
}

/** A summary as text: its tables, what they show and do not, and what is missing. */
export function findingsText(summary: Summary): string {
  const { sentence, gaps, fallbacks } = summary;
  const lines = [
    `${resultsTable(summary)}\n`,
    `${sentence.shows}\n`,
    `${sentence.does_not_show}\n`,
    ...gaps.map(({ name, status, detail, reason }) => `no result: ${name} ${status}: ${detail ?? reason ?? ''}`),
    ...fallbacks.map((fallback) => `otherwise than asked: ${fallback}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
