import { rateText } from '../number-format.js';
import type { ReportInput } from '../report-input.js';
import { agrees } from './grid.js';
import { isBelow } from './judge.js';
import { isStandard } from './reference.js';
import { verdictsText } from './verdicts-text.js';
import type { AttackCell, Gap, NetRow, Summary } from './summary.js';

/** One text on what the numbers show and one on what they do not. */
export function sentenceOf(input: ReportInput, rows: readonly NetRow[], gaps: readonly Gap[]): Summary['sentence'] {
  const evaluated = rows.some(({ evaluations }) => evaluations.length > 0);
  const attacked = rows.some(({ attacks }) => attacks.length > 0);
  const parts = [
    evaluated ? verdictsText(rows) : '',
    // Where there are only evaluations, nothing is compared with anything.
    attacked || !evaluated ? showsText(focusOf(rows), rows) : '',
  ];
  return { shows: parts.filter(Boolean).join(' '), does_not_show: limitsText(input, rows, gaps) };
}

/** The net that the finding is about: of the first seed, the one trained at the largest T; a copy only if no other. */
function focusOf(rows: readonly NetRow[]): NetRow | undefined {
  const compared = rows.filter((row) => row.verdict !== 'reference' && row.seed === rows[0]!.seed && !isStandard(row));
  const rank = ({ kind }: NetRow) => (kind === 'train' ? 2 : kind === 'distill' ? 1 : 0);
  return compared.sort((a, b) => rank(b) - rank(a) || (b.training_temperature ?? 0) - (a.training_temperature ?? 0))[0];
}

function showsText(focus: NetRow | undefined, rows: readonly NetRow[]): string {
  if (!focus) {
    return rows.length === 0
      ? 'There is no net yet.'
      : 'There is nothing to compare: no net other than the standard one.';
  }
  const alongside = rows.filter((row) => row.seed === focus.seed && agrees(row.grid, focus.grid) && row !== focus);
  const parts = [focus.finding, seedsText(focus, rows), controlText(focus, alongside), distilledText(focus, alongside)];
  return parts.filter(Boolean).join(' ');
}

function seedsText(focus: NetRow, rows: readonly NetRow[]): string {
  const same = rows.filter((row) => row.net === focus.net && JSON.stringify(row.grid) === JSON.stringify(focus.grid));
  if (same.length < 2) return '';
  const agreeing = same.filter(({ verdict }) => verdict === focus.verdict).length;
  return `This is seed ${focus.seed}; ${agreeing} of ${same.length} seeds have the same verdict (${focus.verdict}).`;
}

/** Whether only multiplying a standard net's logits does what training at T did. */
function controlText(focus: NetRow, alongside: readonly NetRow[]): string {
  const control = alongside.find(
    (row) => row.kind === 'deploy' && row.training_temperature === 1 && (row.deployment_temperature ?? 1) < 1,
  );
  if (!control || focus.kind === 'deploy') return '';
  const [here, there, name] = sharedNaive(control, focus);
  const reference = alongside.find(({ key }) => key === focus.reference)?.attacks.find((cell) => cell.name === name);
  if (!here || !there || !reference?.success?.of) return '';
  const subject = `The control, ${control.made},`;
  if (!isBelow(here, reference.success)) return `${subject} does not: ${name} reaches ${rateText(here)} on it.`;
  if (isBelow(there, here)) return `${subject} does a part of it: ${name} reaches ${rateText(here)} on it.`;
  return `${subject} does the same: ${name} reaches ${rateText(here)} on it.`;
}

/** Whether distillation adds anything to training at the same T. */
function distilledText(focus: NetRow, alongside: readonly NetRow[]): string {
  const student = alongside.find(
    (row) => row.kind === 'distill' && row.training_temperature === focus.training_temperature,
  );
  if (!student || focus.kind !== 'train') return '';
  const [student_rate, focus_rate, name] = sharedNaive(student, focus);
  if (!student_rate || !focus_rate) return '';
  const rates = `${name}: ${rateText(student_rate)} against ${rateText(focus_rate)}`;
  if (isBelow(student_rate, focus_rate)) return `Distillation at the same T lowers it further (${rates}).`;
  if (isBelow(focus_rate, student_rate)) return `Distillation at the same T lowers it less (${rates}).`;
  return `Distillation at the same T adds nothing that can be told apart (${rates}).`;
}

/** The success of the first naive attack with a result on both nets. */
function sharedNaive(one: NetRow, another: NetRow): [AttackCell['success'], AttackCell['success'], string] {
  for (const cell of another.attacks) {
    if (cell.approach !== 'naive' || !cell.success?.of) continue;
    const success = one.attacks.find(({ name }) => name === cell.name)?.success;
    if (success?.of) return [success, cell.success, cell.name];
  }
  return [null, null, ''];
}

function limitsText(input: ReportInput, rows: readonly NetRow[], gaps: readonly Gap[]): string {
  const seeds = new Set(rows.map(({ seed }) => seed)).size;
  const limits = [
    seeds === 1 ? 'how much another seed would change, since there is one net of each kind' : '',
    'that a net which withstood these attacks withstands others or larger budgets',
    `anything beyond ${input.experiment.spec.dataset.name} and these architectures`,
    weakestText(rows),
  ];
  const sentence = `It does not show ${joined(limits.filter(Boolean))}.`;
  return [sentence, gapsText(gaps)].filter(Boolean).join(' ');
}

/** The widest interval among the attacks: what differences smaller than it cannot be seen. */
function weakestText(rows: readonly NetRow[]): string {
  const rates = rows.flatMap(({ attacks }) => attacks.flatMap(({ success }) => (success?.of ? [success] : [])));
  const widest = Math.max(0, ...rates.map(({ low, high }) => high - low));
  return widest > 0 ? `differences within the intervals, which are up to ${(100 * widest).toFixed(1)} points wide` : '';
}

function gapsText(gaps: readonly Gap[]): string {
  if (gaps.length === 0) return '';
  const named = gaps.slice(0, 3).map(({ name, status, reason }) => `${name} (${reason ?? status})`);
  const rest = gaps.length > 3 ? ` and ${gaps.length - 3} more` : '';
  const verb = gaps.length === 1 ? 'job has' : 'jobs have';
  return `What needs the following cannot be said, since ${gaps.length} ${verb} no result: ${named.join(', ')}${rest}.`;
}

function joined(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')}, or ${items.at(-1)}`;
}
