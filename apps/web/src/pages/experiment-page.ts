import type { Summary } from '@retort/report';
import type { Experiment, Job } from '../answers.js';
import { ask } from '../ask.js';
import { badge, element } from '../element.js';
import { follow } from '../follow.js';
import { afterEvent, changesActions, changesResults } from '../job-events.js';
import { timeText } from '../number-format.js';
import { JobTable } from '../job-table.js';
import { resultTables } from '../result-tables.js';
import { experimentActions } from './experiment-actions.js';
import type { ShowPage } from './page.js';

/** At most one new summary, or heading, in so many milliseconds. */
const SUMMARY_PAUSE = 1500;
const HEAD_PAUSE = 250;

/** One experiment: its findings, and its jobs as they change. */
export function showExperiment(id: string): ShowPage {
  return async (into, signal) => {
    const path = `/v1/experiments/${id}`;
    const { experiment, jobs } = await ask<{ experiment: Experiment; jobs: Job[] }>(`${path}/results`, { signal });
    const head = element('header');
    const found = element('section', { 'aria-label': 'Findings' });
    const table = new JobTable(jobs);
    const trouble = element('div', { role: 'alert' });
    into.replaceChildren(head, trouble, found, element('h2', {}, 'Jobs'), table.node);

    const drawHead = (experiment: Experiment) => {
      head.replaceChildren(...heading(experiment, experimentActions(experiment, trouble, drawHead)));
    };
    const showHead = async () => drawHead(await ask<Experiment>(path, { signal }));
    const showSummary = async () => {
      const summary = await ask<Summary>(`${path}/summary`, { signal });
      found.replaceChildren(...resultTables(summary));
    };
    drawHead(experiment);
    await showSummary();
    if (experiment.finished_at === null) {
      const refresh = atMostEvery(SUMMARY_PAUSE, signal, async () => {
        await Promise.all([showHead(), showSummary()]);
      });
      const refreshHead = atMostEvery(HEAD_PAUSE, signal, showHead);
      follow(id, signal, (event) => {
        if (event.job_id !== null) table.change(event.job_id, (job) => afterEvent(job, event));
        if (changesResults(event)) refresh();
        if (changesActions(event)) refreshHead();
      });
    }
  };
}

function heading(experiment: Experiment, actions: readonly HTMLElement[]): HTMLElement[] {
  const { id, name, description, status, retry_of, jobs, created_at, finished_at } = experiment;
  const report = element('a', { href: `/v1/experiments/${id}/report` }, 'Report');
  const ended = `${jobs.total - jobs.open} of ${jobs.total} jobs ended, ${jobs.reused} of them reused. `;
  const times = `Created ${timeText(created_at)}, finished ${timeText(finished_at)}. `;
  const origin = retry_of && element('a', { href: `#/experiments/${retry_of}` }, `Retry of ${retry_of}`);
  return [
    element('h1', {}, name),
    element('p', {}, description ?? ''),
    element('p', { class: 'note' }, badge(status), ` ${ended}${times}`, origin),
    element('p', { class: 'actions' }, report, ...actions.flatMap((button) => [' ', button])),
  ];
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
