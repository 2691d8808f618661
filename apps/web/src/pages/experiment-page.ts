import type { RetortEvent } from '@retort/contracts';
import type { Summary } from '@retort/report';
import type { Experiment, Job } from '../answers.js';
import { ask } from '../ask.js';
import { badge, element } from '../element.js';
import { follow } from '../follow.js';
import { afterEvent, changesResults } from '../job-events.js';
import { timeText } from '../number-format.js';
import { JobTable } from '../job-table.js';
import { resultTables } from '../result-tables.js';
import type { ShowPage } from './page.js';

/** At most one new summary in so many milliseconds. */
const SUMMARY_PAUSE = 1500;

/** One experiment: its findings, and its jobs as they change. */
export function showExperiment(id: string): ShowPage {
  return async (into, signal) => {
    const path = `/v1/experiments/${id}`;
    const { experiment, jobs } = await ask<{ experiment: Experiment; jobs: Job[] }>(`${path}/results`, { signal });
    const head = element('header');
    const found = element('section', { 'aria-label': 'Findings' });
    const table = new JobTable(jobs);
    into.replaceChildren(head, found, element('h2', {}, 'Jobs'), table.node);

    const showHead = async (known?: Experiment) => {
      head.replaceChildren(
        ...heading(known ?? (await ask<Experiment>(path, { signal })), () => void cancel(path, head)),
      );
    };
    const showSummary = async () => {
      const summary = await ask<Summary>(`${path}/summary`, { signal });
      found.replaceChildren(...resultTables(summary));
    };
    await Promise.all([showHead(experiment), showSummary()]);
    if (experiment.finished_at === null) {
      const refresh = atMostEvery(SUMMARY_PAUSE, signal, async () => {
        await Promise.all([showHead(), showSummary()]);
      });
      follow(id, signal, (event) => hear(event, table, refresh));
    }
  };
}

function hear(event: RetortEvent, table: JobTable, refresh: () => void): void {
  if (event.job_id !== null) table.change(event.job_id, (job) => afterEvent(job, event));
  if (changesResults(event)) refresh();
}

function heading(experiment: Experiment, onCancel: () => void): HTMLElement[] {
  const { id, name, description, status, jobs, created_at, finished_at } = experiment;
  const button = element('button', { type: 'button', disabled: finished_at !== null }, 'Cancel');
  button.addEventListener('click', onCancel);
  const report = element('a', { href: `/v1/experiments/${id}/report` }, 'Report');
  const ended = `${jobs.total - jobs.open} of ${jobs.total} jobs ended, ${jobs.reused} of them reused. `;
  const times = `Created ${timeText(created_at)}, finished ${timeText(finished_at)}.`;
  return [
    element('h1', {}, name),
    element('p', {}, description ?? ''),
    element('p', { class: 'note' }, badge(status), ` ${ended}${times}`),
    element('p', { class: 'actions' }, report, ' ', button),
  ];
}

async function cancel(path: string, head: HTMLElement): Promise<void> {
  try {
    const experiment = await ask<Experiment>(`${path}/cancel`, { method: 'POST' });
    head.replaceChildren(...heading(experiment, () => void cancel(path, head)));
  } catch (error) {
    head.append(element('p', { role: 'alert', class: 'problem' }, String(error)));
  }
}

/** Calls an action now, or once the pause since the last call is over, however often it is asked for. */
function atMostEvery(milliseconds: number, signal: AbortSignal, act: () => Promise<void>): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      if (signal.aborted) return;
      act().catch((error: unknown) => {
        if (!signal.aborted) reportError(error);
      });
    }, milliseconds);
  };
}
