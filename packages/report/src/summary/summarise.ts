import type { ReportInput, ReportJob } from '../report-input.js';
import { findingOf } from './finding.js';
import { judge } from './judge.js';
import { netRows, type BareRow } from './net-row.js';
import { referenceOf } from './reference.js';
import { sentenceOf } from './sentence.js';
import type { Gap, NetRow, Summary } from './summary.js';

/** Puts an experiment's results side by side: a row a net, seed and grid point; nothing is averaged over seeds. */
export function summarise(input: ReportInput): Summary {
  const bare = netRows(input);
  const rows = bare.map((row) => compareRow(row, referenceOf(row, bare)));
  const gaps = input.jobs.filter(({ result }) => result === null).map(gapOf);
  const { id, name, status } = input.experiment;
  return {
    experiment: { id, name, status },
    sentence: sentenceOf(input, rows, gaps),
    rows,
    gaps,
    fallbacks: input.jobs.flatMap(fallbacksOf),
  };
}

function compareRow(row: BareRow, reference: BareRow): NetRow {
  const judgement = judge(row, reference);
  const isReference = row.key === reference.key;
  return {
    ...row,
    attacks: row.attacks.map((cell) => ({ ...cell, ratio: ratioTo(reference, cell.name, cell.success?.rate) })),
    reference: reference.key,
    verdict: isReference ? 'reference' : judgement.verdict,
    finding: findingOf(row, reference, judgement),
  };
}

function ratioTo(reference: BareRow, name: string, rate: number | undefined): number | null {
  const there = reference.attacks.find((cell) => cell.name === name)?.success;
  return rate === undefined || !there?.rate ? null : rate / there.rate;
}

function gapOf({ id, name, seed, labels, status, reason, detail }: ReportJob): Gap {
  return { job_id: id, name, seed, grid: labels.grid, status, reason, detail };
}

function fallbacksOf({ name, result }: ReportJob): string[] {
  return result?.provenance.fallbacks.map((text) => `${name}: ${text}`) ?? [];
}
